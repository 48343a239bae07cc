#include "lib/report/returned_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ReturnedHeader read(std::string_view part, bool whole = true) {
  return read_returned_message(read_entity(part), whole, "mx.example.org");
}

TEST(ReturnedMessage, WholeMessageTellsItsSize) {
  const ReturnedMessage message =
      read("Content-Type: message/rfc822\n\nSubject: x\n\nhello\n").message;
  EXPECT_TRUE(message.present);
  EXPECT_FALSE(message.headers_only);
  EXPECT_EQ(message.subject, "x");
  EXPECT_EQ(message.size, 18U);
}

TEST(ReturnedMessage, CutOffMessageAndHeadersTellNoSize) {
  EXPECT_EQ(read("Content-Type: message/rfc822\n\nSubject: x\n\nhel", false).message.size,
            std::nullopt);
  const ReturnedMessage headers = read("Content-Type: text/rfc822-headers\n\nSubject: x\n").message;
  EXPECT_TRUE(headers.headers_only);
  EXPECT_EQ(headers.size, std::nullopt);
}

TEST(ReturnedMessage, EncodedPartIsDecoded) {
  const ReturnedMessage message =
      read(
          "Content-Type: message/global\nContent-Transfer-Encoding: base64\n\n"
          "U3ViamVjdDogw7wKCmJvZHkK\n")
          .message;
  EXPECT_EQ(message.subject, "ü");
  EXPECT_EQ(message.size, 18U);
}

TEST(ReturnedMessage, LanguagesAndCharsetAreKept) {
  const ReturnedMessage message =
      read(
          "Content-Type: message/rfc822\n\nSubject: =?ISO-2022-JP*ja?B?GyRCJE0kMxsoQg==?=\n"
          "Accept-Language: ja, en;q=0.5\nContent-Language: ja\n\n")
          .message;
  EXPECT_EQ(message.subject, "ねこ");
  EXPECT_EQ(message.header_charset, "iso-2022-jp");
  EXPECT_EQ(message.accept_language, "ja, en;q=0.5");
  EXPECT_EQ(message.content_language, "ja");
}

TEST(ReturnedMessage, MailThatNobodyWroteIsToldFromMailThatSomebodyDid) {
  const std::vector<std::pair<const char*, Writer>> cases = {
      {"Auto-Submitted: auto-replied (vacation)", Writer::kAutomatic},
      {"auto-submitted: Auto-Replied", Writer::kAutomatic},
      {"Precedence: auto_reply", Writer::kAutomatic},
      {"X-Autoreply: yes", Writer::kAutomatic},
      {"X-Autorespond: Re: hello", Writer::kAutomatic},
      {"Auto-Submitted: auto-generated\nIn-Reply-To: <a@b.example>", Writer::kAutomatic},
      {"Precedence: bulk\nAuto-Submitted: auto-replied", Writer::kAutomatic},
      {"Auto-Submitted: auto-generated", Writer::kProgram},
      {"Auto-Submitted: auto-notified; owner-email=\"me@example.com\"", Writer::kProgram},
      {"Auto-Submitted: auto-something", Writer::kProgram},
      {"Auto-Submitted: auto-generated\nPrecedence: bulk", Writer::kProgram},
      {"Precedence: list", Writer::kList},
      {"Precedence: Bulk", Writer::kList},
      {"Precedence: junk", Writer::kList},
      {"List-Id: <a.example>", Writer::kList},
      {"List-Unsubscribe: <https://a.example/x>", Writer::kList},
      {"Auto-Submitted: auto-generated\nIn-Reply-To: <a@b>\nList-Id: <a.example>", Writer::kList},
      {"Auto-Submitted: no", Writer::kPerson},
      {"Auto-Submitted: no (a person)", Writer::kPerson},
      {"Precedence: first-class", Writer::kPerson},
      {"In-Reply-To: <a@b.example>", Writer::kPerson},
      {"To: x@example.com", Writer::kPerson}};
  for (const auto& [fields, writer] : cases) {
    const std::string part =
        std::string("Content-Type: message/rfc822\n\nSubject: x\n") + fields + "\n\n";
    EXPECT_EQ(read(part).message.writer, writer) << fields;
  }
}

TEST(ReturnedMessage, AddressFieldsMayBeRepeated) {
  const ReturnedMessage message =
      read("Content-Type: message/rfc822\n\nTo: a@x\nTo: b@x\nCc: c@x\n\n").message;
  EXPECT_THAT(message.to, ElementsAre(Mailbox{"", "a@x"}, Mailbox{"", "b@x"}));
  EXPECT_THAT(message.cc, ElementsAre(Mailbox{"", "c@x"}));
}

TEST(ReturnedMessage, MailboxesAreCountedUpToTheLimit) {
  std::string part = "Content-Type: message/rfc822\n\n";
  for (std::size_t i = 0; i < kMaxMailboxes; ++i) part += "To: a@x, b@x\n";
  EXPECT_THAT(read(part).message.to, SizeIs(kMaxMailboxes));
}

TEST(ReturnedMessage, AddressFieldsHaveALimitOfBytes) {
  const auto receivers = [](std::size_t before) {
    return read("Content-Type: message/rfc822\n\nTo:" + std::string(before / 2, ' ') +
                "\nTo:" + std::string(before - before / 2, ' ') + "\nTo:a@x\n\n")
        .message.to;
  };
  EXPECT_THAT(receivers(kMaxAddressBytes - 4), ElementsAre(Mailbox{"", "a@x"}));
  EXPECT_THAT(receivers(kMaxAddressBytes), IsEmpty());
}

TEST(ReturnedMessage, ReturnPathIsTheSender) {
  EXPECT_EQ(read("Content-Type: message/rfc822\n\nReturn-Path: <alice@x.example>\n\n").return_path,
            "alice@x.example");
}

TEST(ReturnedMessage, QueueIdIsTheReportingMtasOwn) {
  constexpr std::string_view kReceived =
      "from client.example.test (a [127.0.0.1]) by mx.example.org (8.17.1.9/8.17.1.9) with ESMTP "
      "id "
      "6ALM0VLF003684 for <a@b>; Sat, 21 Nov 2026 22:00:31 GMT";
  EXPECT_EQ(queue_id_of(kReceived, "MX.example.org"), "6ALM0VLF003684");
  EXPECT_EQ(queue_id_of(kReceived, "mx2.example.org"), "");
  EXPECT_EQ(queue_id_of(kReceived, ""), "");
  EXPECT_EQ(queue_id_of("from x by mx.example.org with ESMTP; 21 Nov 2026 id 7", "mx.example.org"),
            "");
}

TEST(ReturnedMessage, OnlyTheLatestReceivedTellsTheQueueId) {
  EXPECT_EQ(read("Content-Type: message/rfc822\n\nReceived: by mx.example.org (Postfix)\n"
                 "\tid E93B6A846DE; Sat, 21 Nov 2026 20:39:35 +0000\n\n")
                .queue_id,
            "E93B6A846DE");
  EXPECT_EQ(read("Content-Type: message/rfc822\n\nReceived: by other.example id 1; x\n"
                 "Received: by mx.example.org id 2; x\n\n")
                .queue_id,
            "");
}

}  // namespace
}  // namespace plainbounce

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "lib/mail/entity.h"
#include "lib/rewrite.h"

namespace plainbounce {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Resources& all_resources() {
  static const Resources kResources{Knowledge::load(), Catalogue::load()};
  return kResources;
}

Policy explaining() {
  Policy policy = Policy::defaults();
  policy.other_bounces = OtherBounces::kExplain;
  return policy;
}

Rewrite explain(const std::string& message, const Policy& policy = explaining(),
                const House& house = {}) {
  return rewrite(message, {.recipients = {"anna@example.org"}}, policy, house, all_resources());
}

const std::string kHeader =
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: anna@example.org\n"
    "Subject: failure notice\n";
const std::string kWords =
    "Hi. This is the qmail-send program at mx.example.org.\n\n<bob@example.net>:\n"
    "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 No such user\n\n"
    "--- Below this line is a copy of the message.\n\nReturn-Path: <anna@example.org>\n"
    "Received: (qmail 1 invoked by uid 0)\nFrom: anna@example.org\nTo: bob@example.net\n"
    "Subject: Lunch\n\nHello\n";
const std::string kBounce = kHeader + "\n" + kWords;

std::string mime(const std::string& type, const std::string& encoding, const std::string& body) {
  return kHeader + "MIME-Version: 1.0\nContent-Type: " + type +
         "\nContent-Transfer-Encoding: " + encoding + "\n\n" + body;
}

// The message with its one edit made; a failure where there is none.
std::string explained(const std::string& message, const House& house = {}) {
  const Rewrite result = explain(message, explaining(), house);
  EXPECT_EQ(id_of(result.reason), "none");
  return result.edit ? apply_edit(message, *result.edit) : "";
}

// Taking the inserted bytes and the mark out again gives the message back.
void expect_only_inserted(const std::string& message, const Edit& edit) {
  EXPECT_EQ(edit.length, 0U);
  ASSERT_EQ(edit.headers.size(), 1U);
  EXPECT_EQ(edit.headers[0].name, "X-Plainbounce");
  EXPECT_EQ(edit.headers[0].kind, HeaderChange::Kind::kAdd);
  std::string out = apply_edit(message, edit);
  const std::size_t mark = out.find("X-Plainbounce: ");
  out.erase(mark, out.find('\n', mark) + 1 - mark);
  out.erase(edit.offset, edit.replacement.size());
  EXPECT_EQ(out, message);
}

std::string text_of(const std::string& message) {
  return decode_content(read_entity(message), message.size());
}

TEST(ExplainOther, IsOffByDefault) {
  EXPECT_EQ(explain(kBounce, Policy::defaults()).reason, LeaveReason::kNotAReport);
}

TEST(ExplainOther, PutsAnExplanationAboveTheWords) {
  const Rewrite result = explain(kBounce);
  ASSERT_TRUE(result.edit);
  expect_only_inserted(kBounce, *result.edit);
  ASSERT_EQ(result.diagnosis.recipients.size(), 1U);
  EXPECT_EQ(result.diagnosis.recipients[0].cause, Cause::kRecipientUnknown);
  const std::string body = text_of(apply_edit(kBounce, *result.edit));
  EXPECT_THAT(body, StartsWith("Not delivered: "));
  EXPECT_TRUE(body.ends_with("\n\n" + kWords));
  EXPECT_EQ(body.find(kWords), body.size() - kWords.size()) << "it stands there twice";
}

TEST(ExplainOther, DoesSoOnlyOnce) {
  EXPECT_EQ(explain(explained(kBounce)).reason, LeaveReason::kAlreadyRewritten);
}

TEST(ExplainOther, TheGatesAreThoseOfReports) {
  const Policy policy = explaining();
  const auto reason = [&](const std::string& message, const Envelope& envelope) {
    return rewrite(message, envelope, policy, {}, all_resources()).reason;
  };
  EXPECT_EQ(reason(kBounce, {.sender = "x@example.org"}), LeaveReason::kSenderNotNull);
  EXPECT_EQ(reason(kBounce, {.client_address = "192.0.2.9"}), LeaveReason::kUntrustedClient);
  EXPECT_EQ(reason(kBounce, {.recipients = {"list-bounces@example.org"}}),
            LeaveReason::kMachineRecipient);
  EXPECT_EQ(reason("DKIM-Signature: v=1\n" + kBounce, {}), LeaveReason::kSigned);
  EXPECT_EQ(reason("Return-Path: <>\nFrom: bob@example.net\nSubject: Lunch\n\nYes!\n", {}),
            LeaveReason::kNotAReport);
  EXPECT_EQ(reason(kHeader + "\nIt failed. We don't say whom it was for.\n", {}),
            LeaveReason::kNoRecipients);
}

TEST(ExplainOther, KeepsCrlf) {
  std::string message;
  for (const char c : kBounce) message += c == '\n' ? "\r\n" : std::string(1, c);
  const Rewrite result = explain(message);
  ASSERT_TRUE(result.edit);
  const std::string out = apply_edit(message, *result.edit);
  for (std::size_t i = out.find('\n'); i != std::string::npos; i = out.find('\n', i + 1)) {
    ASSERT_EQ(out[i - 1], '\r');
  }
}

TEST(ExplainOther, WritesInThePartsOwnEncoding) {
  const std::string quoted = mime("text/plain; charset=iso-8859-1", "quoted-printable",
                                  "Best=E4tigung: Mail delivery failed\n\n" + kWords);
  const std::string text = text_of(explained(quoted));
  EXPECT_THAT(text, StartsWith("Not delivered: "));
  EXPECT_THAT(text, HasSubstr("\nBest\u00E4tigung: Mail delivery failed\n"));

  // "Delivery to <bob@example.net> failed: 550 5.1.1 No such user"
  const std::string encoded =
      mime("text/plain; charset=utf-8", "base64",
           "RGVsaXZlcnkgdG8gPGJvYkBleGFtcGxlLm5ldD4gZmFpbGVkOiA1NTAgNS4xLjEgTm8gc3VjaCB1\n"
           "c2VyCg==\n");
  const std::string decoded = text_of(explained(encoded));
  EXPECT_THAT(decoded, StartsWith("Not delivered: "));
  EXPECT_TRUE(decoded.ends_with("Delivery to <bob@example.net> failed: 550 5.1.1 No such user\n"));
}

TEST(ExplainOther, TakesTheFirstPlainTextPart) {
  const std::string message =
      kHeader +
      "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n"
      "Content-Type: multipart/alternative; boundary=inner\n\n--inner\n"
      "Content-Type: text/plain; charset=us-ascii\n\n" +
      kWords +
      "\n--inner\nContent-Type: text/html\n\n<p>bob@example.net: 550 5.1.1</p>\n--inner--\n"
      "--outer\nContent-Type: text/plain\n\nattached\n--outer--\n";
  const Rewrite result = explain(message);
  ASSERT_TRUE(result.edit);
  expect_only_inserted(message, *result.edit);
  EXPECT_EQ(result.edit->offset, message.find("Hi. This is"));
}

TEST(ExplainOther, WhatCannotHoldTheTextIsLeftAlone) {
  const auto expect_doubt = [](const std::string& message, std::string_view why) {
    const Rewrite result = explain("X-Failed-Recipients: bob@example.net\n" + message);
    EXPECT_EQ(result.reason, LeaveReason::kNoFirstPart) << message;
    EXPECT_EQ(result.detail, why) << message;
  };
  expect_doubt(mime("text/html", "7bit", kWords), "no-plain-text");
  expect_doubt(mime("text/plain; charset=utf-16", "7bit", kWords), "charset");
  expect_doubt(mime("text/plain; charset=x-odd", "7bit", kWords), "charset");
  expect_doubt(mime("application/octet-stream", "7bit", kWords), "no-plain-text");
  expect_doubt(mime("multipart/mixed; boundary=absent", "7bit", kWords), "no-parts");
  expect_doubt(mime("text/plain", "x-uuencode", kWords), "encoding-unknown");
  expect_doubt("Content-Type: text/plain\n" + mime("text/plain", "7bit", kWords), "type-repeated");
  expect_doubt("Content-Transfer-Encoding: 7bit\n" + mime("text/plain", "7bit", kWords),
               "encoding-repeated");
}

// The notice underlines its headings with dashes.
TEST(ExplainOther, NoLineOfItCanEndAPart) {
  const auto reason = [](const std::string& boundary) {
    return explain(kHeader + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"" +
                   boundary + "\"\n\n--" + boundary + "\nContent-Type: text/plain\n\n" + kWords +
                   "\n--" + boundary + "--\n")
        .reason;
  };
  EXPECT_EQ(reason("b1"), LeaveReason::kNone);
  EXPECT_EQ(reason("-"), LeaveReason::kNoFirstPart);
  EXPECT_EQ(reason("-----------------"), LeaveReason::kNoFirstPart);
}

TEST(ExplainOther, EventsForProgramsAreLeftAlone) {
  EXPECT_EQ(
      explain(kHeader + "\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":"
                        "[{\"emailAddress\":\"bob@example.net\"}]}}\n")
          .reason,
      LeaveReason::kNotAReport);
}

TEST(ExplainOther, TheHouseIsNamed) {
  EXPECT_THAT(explained(kBounce, {.help_name = "the help desk", .help_email = "help@example.org"}),
              HasSubstr("help@example.org"));
}

// Every bounce of the collection, where it is there.
TEST(ExplainOther, NoByteOfACollectedBounceChanges) {
  const fs::path directory = fs::path(PLAINBOUNCE_SHARED_DIR) / "corpus" / "bounces";
  if (!fs::exists(directory)) GTEST_SKIP() << "no messages in " << directory;
  Policy policy = explaining();
  policy.rewrite_signed = true;
  int inserted = 0;
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string message{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const Rewrite result = rewrite(message, {}, policy, {}, all_resources());
    if (!result.edit || result.report.is_delivery_report) continue;
    SCOPED_TRACE(entry.path());
    expect_only_inserted(message, *result.edit);
    EXPECT_EQ(explain(apply_edit(message, *result.edit)).reason, LeaveReason::kAlreadyRewritten);
    ++inserted;
  }
  EXPECT_GT(inserted, 80);
}

}  // namespace
}  // namespace plainbounce

#include "lib/mail/field_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FieldValue, EncodedWordsAreDecoded) {
  EXPECT_EQ(decode_text(" =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n =?iso-8859-1?B?/Cg=?= x"), "Grüßeü( x");
}

TEST(FieldValue, RawEightBitTextIsDecoded) {
  EXPECT_EQ(decode_text(" r\xE9sum\xE9"), "résumé");
  EXPECT_EQ(decode_text(" résumé"), "résumé");
}

TEST(FieldValue, BrokenEncodedWordIsStillText) {
  EXPECT_EQ(decode_text("=?utf-8?Q?abc"), "=?utf-8?Q?abc");
}

TEST(FieldValue, NulDoesNotCutTheText) {
  EXPECT_EQ(decode_text(std::string_view("a\0b", 3)), "a b");
}

TEST(FieldValue, GroupsAreFlattened) {
  EXPECT_THAT(
      decode_mailboxes("Team: a@x.example, \"B, C\" <b@x.example>;, =?utf-8?Q?=C3=BC?= <u@x>", 10),
      ElementsAre(Mailbox{"", "a@x.example"}, Mailbox{"B, C", "b@x.example"}, Mailbox{"ü", "u@x"}));
}

TEST(FieldValue, MailboxesAreCountedUpToTheLimit) {
  EXPECT_EQ(decode_mailboxes("a@x, b@x, c@x", 2).size(), 2U);
}

TEST(FieldValue, SeparatorsAreCountedUpToTheLimit) {
  const std::string list(max_separators(1), ',');
  EXPECT_THAT(decode_mailboxes(list + "b@x", 1), ElementsAre(Mailbox{"", "b@x"}));
  EXPECT_THAT(decode_mailboxes(list + ",b@x", 1), IsEmpty());
}

TEST(FieldValue, NoAddressListGivesNone) { EXPECT_THAT(decode_mailboxes("", 10), IsEmpty()); }

TEST(FieldValue, DateKeepsTheWritersOffset) {
  EXPECT_EQ(decode_date(" Sat, 21 Nov 2026 21:39:35 +0100 (CET)"), (Timestamp{1795293575, 3600}));
  EXPECT_EQ(decode_date("Sat, 21 Nov 2026 20:39:35 GMT"), (Timestamp{1795293575, 0}));
  EXPECT_EQ(decode_date("21 Nov 2026 20:39:35 -0030"), (Timestamp{1795295375, -1800}));
}

TEST(FieldValue, UnreadableDateIsNone) {
  EXPECT_EQ(decode_date("soon"), std::nullopt);
  EXPECT_EQ(decode_date(""), std::nullopt);
}

TEST(FieldValue, MediaTypeIsLowerCaseWithItsParameters) {
  const MediaType type = decode_media_type(
      " Multipart/Report; Report-Type=Delivery-Status;\n\tboundary=\"a b/c=1\"; charset=UTF-8");
  EXPECT_EQ(type.name, "multipart/report");
  EXPECT_EQ(type.report_type, "delivery-status");
  EXPECT_EQ(type.boundary, "a b/c=1");
  EXPECT_EQ(type.charset, "UTF-8");
  EXPECT_TRUE(type.is_multipart());
}

TEST(FieldValue, BoundaryWithoutQuotesIsRead) {
  EXPECT_EQ(decode_media_type("multipart/report; boundary=1795297295-eximdsn-1044710357").boundary,
            "1795297295-eximdsn-1044710357");
}

TEST(FieldValue, UnreadableMediaTypeIsEmpty) {
  EXPECT_EQ(decode_media_type("text").name, "");
  EXPECT_EQ(decode_media_type("").name, "");
}

TEST(FieldValue, MessageIdLosesItsBrackets) {
  EXPECT_EQ(decode_message_id(" <1@x> (comment)"), "1@x");
  EXPECT_EQ(decode_message_id("1@x"), "1@x");
  EXPECT_EQ(decode_message_id("<1@x"), "1@x");
}

TEST(FieldValue, TransferEncodingsAreUndone) {
  EXPECT_EQ(decode_transfer("R3LDvMOfZQ==\n", " Base64 "), "Grüße");
  EXPECT_EQ(decode_transfer("Gr=C3=BC=\n=C3=9Fe", "quoted-printable"), "Grüße");
  EXPECT_EQ(decode_transfer("=C3", "7bit"), "=C3");
}

}  // namespace
}  // namespace plainbounce

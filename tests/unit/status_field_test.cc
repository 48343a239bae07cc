#include "lib/report/status_field.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

TEST(SplitType, PrefixIsTheTypeInLowerCase) {
  EXPECT_EQ(split_type(" SMTP;550  no\n\tsuch user").type, "smtp");
  EXPECT_EQ(split_type(" SMTP;550  no\n\tsuch user").value, "550 no such user");
}

TEST(SplitType, WordsBeforeASemicolonAreNoType) {
  EXPECT_EQ(split_type("550 blocked; see x").type, "");
  EXPECT_EQ(split_type("550 blocked; see x").value, "550 blocked; see x");
  EXPECT_EQ(split_type("no semicolon").value, "no semicolon");
}

TEST(DecodeRecipient, FormsOfAnAddress) {
  EXPECT_EQ(decode_recipient(" rfc822; anna@example.com"), "anna@example.com");
  EXPECT_EQ(decode_recipient("RFC822;anna@example.com"), "anna@example.com");
  EXPECT_EQ(decode_recipient("rfc/822;anna@example.com"), "anna@example.com");
  EXPECT_EQ(decode_recipient("<anna@example.com>"), "anna@example.com");
  EXPECT_EQ(decode_recipient("anna@example.com"), "anna@example.com");
  EXPECT_EQ(decode_recipient("rfc822; <anna@example.com> (Anna)"), "anna@example.com");
  EXPECT_EQ(decode_recipient(""), "");
}

TEST(DecodeRecipient, QuotesStayWhereABlankNeedsThem) {
  EXPECT_EQ(decode_recipient("rfc822;\"anna+20hansen\"@example.com"),
            "\"anna hansen\"@example.com");
  EXPECT_EQ(decode_recipient("rfc822;\"anna\"@example.com"), "anna@example.com");
}

TEST(DecodeRecipient, Utf8AddressesAreDecoded) {
  EXPECT_EQ(decode_recipient("utf-8; j\\x{F6}rg@b\\x{FC}cher.example"), "jörg@bücher.example");
  EXPECT_EQ(decode_recipient("utf-8; jörg@bücher.example"), "jörg@bücher.example");
  EXPECT_EQ(decode_recipient("utf-8; a\\x{}b\\x{110000}@x"), "a\\x{}b\\x{110000}@x");
  EXPECT_EQ(decode_recipient("utf-8; a\\x{D800}@x"), "a\uFFFD@x");
}

TEST(DecodeRecipient, XtextIsDecodedWhereItCanOnlyBeXtext) {
  EXPECT_EQ(decode_recipient("rfc822; anna+2Bnews@example.com"), "anna+news@example.com");
  EXPECT_EQ(decode_recipient("rfc822; a+3Db+2Bc@example.com"), "a=b+c@example.com");
}

TEST(DecodeRecipient, PlusSignOfASubaddressStays) {
  EXPECT_EQ(decode_recipient("rfc822; anna+news@example.com"), "anna+news@example.com");
  EXPECT_EQ(decode_recipient("rfc822; anna+41@example.com"), "anna+41@example.com");
  EXPECT_EQ(decode_recipient("rfc822; anna+2B+x@example.com"), "anna+2B+x@example.com");
  EXPECT_EQ(decode_recipient("rfc822; anna+"), "anna+");
}

TEST(DecodeRecipient, QuotedLocalPartOfRawBytesIsUnquoted) {
  EXPECT_EQ(decode_recipient("rfc822; \"j\\\xC3\\\xB6rg\"@example.com"), "jörg@example.com");
  EXPECT_EQ(decode_recipient("rfc822; \"a b\"@example.com"), "\"a b\"@example.com");
  EXPECT_EQ(decode_recipient("rfc822; \"a..b\"@example.com"), "\"a..b\"@example.com");
}

TEST(DecodeMta, NameAndAddress) {
  EXPECT_EQ(decode_mta("dns; mx.example.com").name, "mx.example.com");
  EXPECT_EQ(decode_mta("dns; mx.example.com").address, "");
  const MtaName google = decode_mta(" dns; mx.example.com. (192.0.2.1, the server for x.)");
  EXPECT_EQ(google.name, "mx.example.com");
  EXPECT_EQ(google.address, "192.0.2.1");
  EXPECT_EQ(decode_mta("dns; mx.example.com [2001:db8::1]").name, "mx.example.com");
  EXPECT_EQ(decode_mta("dns; mx.example.com [2001:db8::1]").address, "2001:db8::1");
  EXPECT_EQ(decode_mta("DNS; [192.0.2.1]").name, "192.0.2.1");
  EXPECT_EQ(decode_mta("dns; 192.0.2.1").address, "192.0.2.1");
  EXPECT_EQ(decode_mta("").name, "");
}

TEST(ParseAction, CaseAndCommentsDoNotMatter) {
  EXPECT_EQ(parse_action(" Failed (bad (really) address)"), Action::kFailed);
  EXPECT_EQ(parse_action("undeliverable"), Action::kUndeliverable);
  EXPECT_EQ(parse_action("expired"), Action::kNone);
}

TEST(FindEnhancedStatus, FirstCodeCounts) {
  EXPECT_EQ(find_enhanced_status("5.1.1 (not 4.2.2)"), (EnhancedStatus{5, 1, 1}));
  EXPECT_EQ(find_enhanced_status(" 5.1.1."), (EnhancedStatus{5, 1, 1}));
  EXPECT_EQ(find_enhanced_status("host 10.1.2.3: 4.2.2"), (EnhancedStatus{4, 2, 2}));
  EXPECT_EQ(find_enhanced_status("550"), std::nullopt);
}

}  // namespace
}  // namespace plainbounce

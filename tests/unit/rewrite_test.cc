#include "lib/rewrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "lib/base/ip_network.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kReport =
    "From: MAILER-DAEMON@mx.example.org\n"
    "To: anna@example.org\n"
    "Subject: Undelivered Mail Returned to Sender\n"
    "Auto-Submitted: auto-replied\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\n"
    "\n"
    "--b1\n"
    "Content-Type: text/plain\n"
    "\n"
    "<bob@example.net>: host mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown (in reply to\n"
    "    RCPT TO command)\n"
    "\n"
    "--b1\n"
    "Content-Type: message/delivery-status\n"
    "\n"
    "Reporting-MTA: dns; mx.example.org\n"
    "\n"
    "Final-Recipient: rfc822; bob@example.net\n"
    "Action: failed\n"
    "Status: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n"
    "\n"
    "--b1\n"
    "Content-Type: message/rfc822\n"
    "\n"
    "From: anna@example.org\n"
    "To: bob@example.net\n"
    "Subject: Lunch\n"
    "\n"
    "Hello\n"
    "\n"
    "--b1--\n";

const Resources& resources() {
  static const Resources kResources{Knowledge::load(), Catalogue::load()};
  return kResources;
}

Envelope envelope() { return {.sender = "", .recipients = {"anna@example.org"}}; }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

LeaveReason reason_for(const std::string& message, const Envelope& from = envelope(),
                       const Policy& policy = Policy::defaults()) {
  const Rewrite result = rewrite(message, from, policy, {}, resources());
  EXPECT_EQ(result.edit.has_value(), result.reason == LeaveReason::kNone);
  return result.reason;
}

TEST(RewriteTest, AReportIsRewritten) {
  const Rewrite result = rewrite(kReport, envelope(), Policy::defaults(), {}, resources());
  ASSERT_EQ(id_of(result.reason), "none");
  const std::string out = apply_edit(kReport, *result.edit);
  EXPECT_THAT(out, HasSubstr("\nX-Plainbounce: "));
  EXPECT_THAT(out, HasSubstr("multipart/alternative"));
  ASSERT_EQ(result.diagnosis.recipients.size(), 1U);
  EXPECT_EQ(result.diagnosis.recipients[0].cause, Cause::kRecipientUnknown);
}

// What a house and a policy make of the report, for a reader.
std::string rewritten(const House& house, const Policy& policy = Policy::defaults(),
                      const std::string& message = kReport,
                      const std::string& reader = "anna@example.org") {
  const Rewrite result = rewrite(message, {.recipients = {reader}}, policy, house, resources());
  return result.edit ? apply_edit(message, *result.edit) : "no edit";
}

TEST(RewriteTest, WithoutAHelpDeskThePostmasterOfTheMtasDomainIsNamed) {
  EXPECT_THAT(rewritten({}), HasSubstr("mailto:postmaster@example.org"));
  for (const House& house : {House{.help_name = "IT"}, House{.help_email = "help@example.org"},
                             House{.help_phone = "12345"}, House{.help_url = "https://a/"}}) {
    EXPECT_THAT(rewritten(house), Not(HasSubstr("postmaster@")));
  }
  EXPECT_THAT(rewritten({}, Policy::defaults(), kReport, "eve@evil.example"),
              Not(HasSubstr("mailto:")));
  Policy policy = Policy::defaults();
  policy.own_domains = {"example.net", "example.org"};
  EXPECT_THAT(rewritten({}, policy), HasSubstr("mailto:postmaster@example.org"));
  policy.own_domains = {"example.net"};
  EXPECT_THAT(rewritten({}, policy, kReport, "anna@example.net"),
              HasSubstr("mailto:postmaster@example.net"));
}

TEST(RewriteTest, ReplyToLeadsToTheHelpDeskWhereTheHouseWantsThat) {
  const House house{.help_email = "help@example.org"};
  EXPECT_THAT(rewritten(house), Not(HasSubstr("Reply-To")));
  Policy policy = Policy::defaults();
  policy.reply_to = ReplyTo::kHelpDesk;
  EXPECT_THAT(rewritten(house, policy), HasSubstr("\nReply-To: help@example.org\nX-Plainbounce: "));
  EXPECT_THAT(rewritten({}, policy), HasSubstr("\nReply-To: postmaster@example.org\n"));
  EXPECT_THAT(rewritten({.help_phone = "12345"}, policy), Not(HasSubstr("Reply-To")));
  EXPECT_THAT(rewritten(house, policy, kReport, "eve@evil.example"), Not(HasSubstr("Reply-To")));
  const std::string own = "Reply-To: c@example.org\n" + std::string(kReport);
  EXPECT_THAT(rewritten(house, policy, own), Not(HasSubstr("Reply-To: help@")));
}

TEST(RewriteTest, OnceRewrittenItIsLeftAlone) {
  const Rewrite result = rewrite(kReport, envelope(), Policy::defaults(), {}, resources());
  ASSERT_TRUE(result.edit);
  EXPECT_EQ(reason_for(apply_edit(kReport, *result.edit)), LeaveReason::kAlreadyRewritten);
}

TEST(RewriteTest, TheEnvelopeDecidesFirst) {
  EXPECT_EQ(reason_for(kReport, {.sender = "anna@example.org"}), LeaveReason::kSenderNotNull);
  EXPECT_EQ(reason_for(kReport, {.client_address = "192.0.2.7"}), LeaveReason::kUntrustedClient);
  EXPECT_EQ(reason_for(kReport, {.client_address = "no address"}), LeaveReason::kUntrustedClient);
  EXPECT_EQ(reason_for(kReport, {.recipients = {"anna@example.org", "SRS0=x=y=z@example.org"}}),
            LeaveReason::kMachineRecipient);
  for (const char* local : {"127.0.0.1", "127.3.4.5", "::1", "IPv6:::1", "::ffff:127.0.0.1", ""}) {
    EXPECT_EQ(reason_for(kReport, {.client_address = local}), LeaveReason::kNone) << local;
  }
}

TEST(RewriteTest, MachinesAddressesAreKnown) {
  for (const char* machine :
       {"list-bounces@example.org", "list-bounces+anna=example.net@example.org",
        "bounce-123@example.org", "news+anna=example.net@example.org", "srs0=a=b=c=d@example.org",
        "SRS1=x=y==z@example.org", "bounces+77@example.org"}) {
    EXPECT_EQ(judge_envelope({.recipients = {machine}}, Policy::defaults()).reason,
              LeaveReason::kMachineRecipient)
        << machine;
  }
  for (const char* person : {"anna@example.org", "anna+tag@example.org", "bouncer@example.org",
                             "prvs=1234567890=anna@example.org", "j\xC3\xB6rg@example.org"}) {
    EXPECT_EQ(judge_envelope({.recipients = {person}}, Policy::defaults()).reason,
              LeaveReason::kNone)
        << person;
  }
}

TEST(RewriteTest, NetworksAreMatchedByPrefix) {
  Policy policy;
  policy.trusted = {"192.0.2.0/25", "2001:db8::/33", "198.51.100.9"};
  for (const char* address : {"192.0.2.127", "2001:db8:7fff::1", "198.51.100.9"}) {
    EXPECT_TRUE(is_trusted(address, policy)) << address;
  }
  for (const char* address : {"192.0.2.128", "2001:db8:8000::1", "198.51.100.8", "127.0.0.1"}) {
    EXPECT_FALSE(is_trusted(address, policy)) << address;
  }
  for (const char* text : {"192.0.2.0/33", "192.0.2.0/", "192.0.2/24", "::/129", "localhost", ""}) {
    EXPECT_FALSE(is_network(text)) << text;
  }
  policy.trusted = {"0.0.0.0/0"};
  EXPECT_TRUE(is_trusted("203.0.113.1", policy));
  EXPECT_FALSE(is_trusted("2001:db8::1", policy));
}

TEST(RewriteTest, WhatIsNoDeliveryReportIsLeftAlone) {
  EXPECT_EQ(reason_for("Subject: hello\n\nhow are you\n"), LeaveReason::kNotAReport);
  EXPECT_EQ(reason_for(""), LeaveReason::kNotAReport);
  EXPECT_EQ(reason_for(replaced(kReport, "report-type=delivery-status",
                                "report-type=disposition-notification")),
            LeaveReason::kNotAReport);
  EXPECT_EQ(
      reason_for(replaced(kReport, "report-type=delivery-status", "report-type=feedback-report")),
      LeaveReason::kNotAReport);
  EXPECT_EQ(reason_for(replaced(kReport, "multipart/report; ", "multipart/mixed; ")),
            LeaveReason::kNotAReport);
  EXPECT_EQ(reason_for(replaced(kReport, "message/delivery-status", "text/plain")),
            LeaveReason::kNotAReport);
}

TEST(RewriteTest, SignaturesAreKeptUnlessTheyMayBreak) {
  const std::string is_signed = "DKIM-Signature: v=1; d=example.org\n" + std::string(kReport);
  EXPECT_EQ(reason_for(is_signed), LeaveReason::kSigned);
  Policy policy = Policy::defaults();
  policy.rewrite_signed = true;
  EXPECT_EQ(reason_for(is_signed, envelope(), policy), LeaveReason::kNone);
}

TEST(RewriteTest, CopiesForThePostmasterAndProbesAreLeftAlone) {
  EXPECT_EQ(
      reason_for(replaced(kReport, "auto-replied", "auto-generated (postmaster-notification)")),
      LeaveReason::kPostmasterCopy);
  EXPECT_EQ(reason_for(replaced(kReport, "Action: failed", "Action: undeliverable")),
            LeaveReason::kAddressProbe);
}

// What a first part in base64 says can be anything, delimiters of the report too.
TEST(RewriteTest, ADelimiterInTheNotificationEndsNothing) {
  const std::string hidden =
      "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
      "aGVsbG8KLS1iMS0tCi0tYjEKYnllCg==\n";  // hello, --b1--, --b1, bye
  std::string message = kReport;
  const std::size_t begin = message.find("Content-Type: text/plain");
  const std::size_t end = message.find("\n--b1\nContent-Type: message/delivery-status");
  message.replace(begin, end - begin, hidden);
  const Rewrite result = rewrite(message, envelope(), Policy::defaults(), {}, resources());
  ASSERT_EQ(id_of(result.reason), "none");
  const std::string out = apply_edit(message, *result.edit);
  EXPECT_THAT(out, HasSubstr("\n=2D-b1--\n=2D-b1\nbye"));
  std::size_t delimiters = 0;
  for (std::size_t at = out.find("\n--b1"); at != std::string::npos;
       at = out.find("\n--b1", at + 1)) {
    ++delimiters;
  }
  EXPECT_EQ(delimiters, 4U);
}

TEST(RewriteTest, AReportThatWasntReadWholeIsLeftAlone) {
  std::string block = "\nFinal-Recipient: rfc822; x@example.net\nAction: failed\nStatus: 5.1.1\n";
  std::string many;
  for (int i = 0; i < 10001; ++i) many += block;
  Policy policy = Policy::defaults();
  policy.max_recipients = 100000;
  EXPECT_EQ(reason_for(replaced(kReport, "\nFinal-Recipient", many + "\nFinal-Recipient"),
                       envelope(), policy),
            LeaveReason::kTooManyRecipients);
}

TEST(RewriteTest, TooManyRecipientsAreLeftAlone) {
  Policy policy = Policy::defaults();
  policy.max_recipients = 0;
  EXPECT_EQ(reason_for(kReport, envelope(), policy), LeaveReason::kTooManyRecipients);
}

TEST(RewriteTest, TheDetailSaysWhatExactlyMadeItSo) {
  const auto detail = [](const std::string& message, const Envelope& from = envelope(),
                         Policy policy = Policy::defaults()) {
    return rewrite(message, from, policy, {}, resources()).detail;
  };
  EXPECT_EQ(detail(kReport), "");
  EXPECT_EQ(detail(kReport, {.client_address = "192.0.2.7"}), "192.0.2.7");
  EXPECT_EQ(detail(kReport, {.recipients = {"anna@example.org", "list-bounces@example.org"}}),
            "*-bounces@*");
  EXPECT_EQ(detail("ARC-Seal: i=1\n" + std::string(kReport)), "ARC-Seal");
  EXPECT_EQ(detail("Subject: hello\n\nhow are you\n"), "no-bounce");
  EXPECT_EQ(detail(replaced(kReport, "multipart/report; ", "multipart/mixed; ")), "report-type");
  EXPECT_EQ(detail(replaced(kReport, "message/delivery-status", "text/plain")), "other-form");
  EXPECT_EQ(detail("Content-Transfer-Encoding: base64\n" + std::string(kReport)),
            "multipart-encoded");
  Policy policy = Policy::defaults();
  policy.max_recipients = 0;
  EXPECT_EQ(detail(kReport, envelope(), policy), "1");
}

// The log is read by more people than the mail.
TEST(RewriteTest, NoDetailNamesAPerson) {
  for (const char* machine : {"anna-bounces@example.org", "SRS0=anna=x@example.org",
                              "news+anna=example.net@example.org"}) {
    const std::string detail = judge_envelope({.recipients = {machine}}, Policy::defaults()).detail;
    EXPECT_THAT(detail, Not(HasSubstr("anna")));
    EXPECT_NE(detail, "");
  }
}

TEST(RewriteTest, EveryReasonHasAnIdOfItsOwn) {
  std::set<std::string_view> ids;
  for (int i = 0; i <= static_cast<int>(LeaveReason::kStopped); ++i) {
    ids.insert(id_of(static_cast<LeaveReason>(i)));
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(LeaveReason::kStopped) + 1);
  EXPECT_EQ(id_of(LeaveReason::kNoFirstPart), "no-first-part");
}

}  // namespace
}  // namespace plainbounce

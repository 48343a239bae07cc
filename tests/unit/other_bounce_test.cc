#include "lib/report/prose/other_bounce.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/reading.h"

namespace plainbounce {
namespace {

Report bounce(const std::string& words, const std::string& fields = "") {
  return read_report("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\n" + fields +
                     "To: anna@example.org\nSubject: Mail delivery failed\n\n" + words);
}

std::vector<std::string> addresses(const Report& report) {
  std::vector<std::string> all;
  for (const RecipientReport& recipient : report.recipients) {
    all.push_back(recipient.final_recipient);
  }
  return all;
}

using Addresses = std::vector<std::string>;

const std::string kReturned =
    "\nReceived: from a by b; Thu, 1 Jan 2026 10:00:00 +0000\nMessage-ID: <1@example.org>\n"
    "From: anna@example.org\nTo: bob@example.net\nSubject: Lunch\n\nask carl@example.com\n";

TEST(OtherBounce, EachFormNamesItsAddress) {
  for (const std::string words : {
           "<bob@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n",
           "The following address failed:\n\n  bob@example.net\n    host mx: 550 5.1.1 Unknown\n",
           "bob@example.net: 550 5.1.1 User Unknown\n",
           "\"bob@example.net\":\nhost: mx.example.net\n5.1.1 Unknown\n",
           "   * bob@example.net\n",
           "bob@example.net [User unknown]\n",
           "   ----- Transcript of session follows -----\n550 <bob@example.net>... No such user\n",
           "There was an error delivering your mail to <bob@example.net>.\n\nmx said no\n",
           "User mailbox exceeds allowed size: bob@example.net\n",
           "Sent >>> RCPT TO:<bob@example.net>\nReceived <<< 550 5.1.1 unknown\n",
           "did not reach the following recipient(s):\n\nbob@example.net on Thu, 1 Jan 2026\n",
           "Action: failed\nFinal-Recipient: rfc822; bob@example.net\nStatus: 5.1.1\n",
           "The message came back.\n",
       }) {
    const Report report = bounce(words + kReturned);
    EXPECT_EQ(addresses(report), Addresses{"bob@example.net"}) << words;
    EXPECT_EQ(report.returned.subject, "Lunch") << words;
  }
}

TEST(OtherBounce, TheHeaderNamesThemFirst) {
  EXPECT_EQ(addresses(bounce("carl@example.com: no\n",
                             "X-Failed-Recipients: bob@example.net, dora@example.net\n")),
            (Addresses{"bob@example.net", "dora@example.net"}));
}

TEST(OtherBounce, NeitherTheSenderNorWhoMayHelpHasFailed) {
  EXPECT_EQ(addresses(bounce("bob@example.net: 550 5.7.1 <anna@example.org> refused\n\n"
                             "For questions contact\nhelp@example.com\n")),
            Addresses{"bob@example.net"});
}

TEST(OtherBounce, EachOfSeveralHasItsOwnReply) {
  const Report report =
      bounce("bob@example.net: 550 5.1.1 Unknown\ncarl@example.net: 552 5.2.2 Full\n");
  ASSERT_EQ(report.recipients.size(), 2U);
  EXPECT_EQ(report.recipients[0].diagnostic, "550 5.1.1 Unknown");
  EXPECT_EQ(report.recipients[1].diagnostic, "552 5.2.2 Full");
}

TEST(OtherBounce, WarningsAreDelays) {
  const Report report =
      bounce("Delivery to the following recipient has been delayed:\n\n  bob@x.example\n");
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].action, Action::kDelayed);
}

TEST(OtherBounce, EventInJsonIsRead) {
  const Report report = read_report(
      "From: no-reply@sns.example\nSubject: AWS Notification Message\n\n"
      "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":"
      "\"bob@example.net\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 "
      "unknown\"}]}}\n");
  EXPECT_EQ(report.kind, MessageKind::kOtherBounce);
  EXPECT_TRUE(report.is_event);
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].diagnostic, "550 5.1.1 unknown");
}

TEST(OtherBounce, AnswersAreNone) {
  EXPECT_EQ(read_report("Return-Path: <>\nFrom: bob@example.net\nSubject: Out of office\n\n"
                        "I can't deliver before Monday. Ask carl@example.net.\n")
                .kind,
            MessageKind::kNotABounce);
}

}  // namespace
}  // namespace plainbounce

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/unit/reading.h"
#include "tests/unit/report_dump.h"
#include "tests/unit/report_parts.h"

namespace plainbounce {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A report as Postfix makes it, with a recipient that was refused and one that is delayed.
constexpr std::string_view kPostfixReport =
    "Return-Path: <>\n"
    "Received: by mx.example.org (Postfix)\n"
    "\tid 0085FA846DF; Sat, 21 Nov 2026 20:39:36 +0000 (UTC)\n"
    "Date: Sat, 21 Nov 2026 20:39:36 +0000 (UTC)\n"
    "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\n"
    "Subject: Undelivered Mail Returned to Sender\n"
    "To: alice@example.org\n"
    "Auto-Submitted: auto-replied\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status;\n"
    "\tboundary=\"E93B6A846DE.1795293575/mx.example.org\"\n"
    "Message-Id: <20261121203936.0085FA846DF@mx.example.org>\n"
    "\n"
    "This is a MIME-encapsulated message.\n"
    "\n"
    "--E93B6A846DE.1795293575/mx.example.org\n"
    "Content-Description: Notification\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "\n"
    "Some words of the mail system.\n"
    "\n"
    "<full@example.com>: host mx.example.com[192.0.2.7] said: 552 5.2.2\n"
    "    <full@example.com> mailbox over quota (in reply to RCPT TO command)\n"
    "\n"
    "<late@example.net> (expanded from <all@example.org>): connect to\n"
    "    mx.example.net[192.0.2.9]:25: Connection refused\n"
    "\n"
    "--E93B6A846DE.1795293575/mx.example.org\n"
    "Content-Description: Delivery report\n"
    "Content-Type: message/delivery-status\n"
    "\n"
    "Reporting-MTA: dns; mx.example.org\n"
    "X-Postfix-Queue-ID: E93B6A846DE\n"
    "X-Postfix-Sender: rfc822; alice@example.org\n"
    "Arrival-Date: Sat, 21 Nov 2026 21:39:35 +0100 (CET)\n"
    "\n"
    "Final-Recipient: rfc822; full@example.com\n"
    "Original-Recipient: rfc822;full@example.com\n"
    "Action: failed\n"
    "Status: 5.2.2\n"
    "Remote-MTA: dns; mx.example.com\n"
    "Diagnostic-Code: smtp; 552 5.2.2 <full@example.com>\n"
    "    mailbox over quota\n"
    "\n"
    "Final-Recipient: rfc822; late@example.net\n"
    "Original-Recipient: rfc822;all@example.org\n"
    "Action: delayed\n"
    "Status: 4.4.1\n"
    "Diagnostic-Code: X-Postfix; connect to mx.example.net[192.0.2.9]:25:\n"
    "    Connection refused\n"
    "Will-Retry-Until: Thu, 26 Nov 2026 20:45:59 +0000 (UTC)\n"
    "\n"
    "--E93B6A846DE.1795293575/mx.example.org\n"
    "Content-Description: Undelivered Message\n"
    "Content-Type: message/rfc822\n"
    "\n"
    "Return-Path: <alice@example.org>\n"
    "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n"
    "From: Alice <alice@example.org>\n"
    "To: full@example.com, Team: late@example.net;\n"
    "Message-ID: <1@client.example>\n"
    "Date: Sat, 21 Nov 2026 10:00:00 -0500\n"
    "\n"
    "hello\n"
    "\n"
    "--E93B6A846DE.1795293575/mx.example.org--\n";

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

std::string_view first_part(std::string_view message, const Report& report) {
  return message.substr(report.notification.range.offset, report.notification.range.length);
}

TEST(ReadReport, PostfixReportIsReadInFull) {
  EXPECT_EQ(dump(read_report(kPostfixReport)),
            "kind: report\n"
            "delivery report: yes\n"
            "content type: multipart/report\n"
            "report type: delivery-status\n"
            "boundary: E93B6A846DE.1795293575/mx.example.org\n"
            "from: Mail Delivery System <MAILER-DAEMON@mx.example.org>\n"
            "to: alice@example.org\n"
            "subject: Undelivered Mail Returned to Sender\n"
            "date: 1795293576+0\n"
            "message ID: 20261121203936.0085FA846DF@mx.example.org\n"
            "auto-submitted: auto-replied\n"
            "return path: <>\n"
            "reporting MTA: mx.example.org\n"
            "arrival: 1795293575+3600\n"
            "queue ID: E93B6A846DE\n"
            "original sender: alice@example.org\n"
            "recipient\n"
            "  final: full@example.com\n"
            "  original: full@example.com\n"
            "  action: failed\n"
            "  status: 5.2.2\n"
            "  status text: 5.2.2\n"
            "  remote MTA: mx.example.com\n"
            "  diagnostic type: smtp\n"
            "  diagnostic: 552 5.2.2 <full@example.com> mailbox over quota\n"
            "  passage: host mx.example.com[192.0.2.7] said: 552 5.2.2 <full@example.com> mailbox "
            "over quota (in reply to RCPT TO command)\n"
            "recipient\n"
            "  final: late@example.net\n"
            "  original: all@example.org\n"
            "  action: delayed\n"
            "  status: 4.4.1\n"
            "  status text: 4.4.1\n"
            "  diagnostic type: x-postfix\n"
            "  diagnostic: connect to mx.example.net[192.0.2.9]:25: Connection refused\n"
            "  will retry until: 1795725959+0\n"
            "  passage: connect to mx.example.net[192.0.2.9]:25: Connection refused\n"
            "first part: 571+365 text/plain\n"
            "first part's description: Notification\n"
            "returned\n"
            "  subject: Gr\u00FC\u00DFe\n"
            "  date: 1795273200-18000\n"
            "  from: Alice <alice@example.org>\n"
            "  to: full@example.com\n"
            "  to: late@example.net\n"
            "  message ID: 1@client.example\n"
            "  header charset: utf-8\n"
            "  size: 224\n");
}

TEST(ReadReport, FirstPartLiesBetweenItsDelimiters) {
  const Report report = read_report(kPostfixReport);
  const std::string_view part = first_part(kPostfixReport, report);
  EXPECT_TRUE(part.starts_with("Content-Description: Notification\n"));
  EXPECT_TRUE(part.ends_with("Connection refused\n"));
  const std::string_view after =
      kPostfixReport.substr(report.notification.range.offset + report.notification.range.length);
  EXPECT_TRUE(after.starts_with("\n--E93B6A846DE.1795293575/mx.example.org\n"));
}

TEST(ReadReport, CrlfMessageGivesTheSameReport) {
  const std::string message = with_crlf(kPostfixReport);
  Report report = read_report(message);
  EXPECT_TRUE(report.crlf);
  EXPECT_TRUE(first_part(message, report).ends_with("Connection refused\r\n"));
  EXPECT_EQ(report.notification.doubt, Doubt::kNone);
  const Report with_lf = read_report(kPostfixReport);
  report.crlf = false;
  report.notification.range = with_lf.notification.range;
  report.returned.size = with_lf.returned.size;
  EXPECT_EQ(dump(report), dump(with_lf));
  EXPECT_EQ(report.notification.text, with_lf.notification.text);
}

TEST(ReadReport, EmptyMessageIsNoBounce) {
  EXPECT_EQ(dump(read_report("")),
            "kind: not-a-bounce\ncontent type: text/plain\nfirst part: 0+0 text/plain\n");
}

TEST(ReadReport, FirstPartWithoutHeaderFollowsThePreamble) {
  const std::string message =
      "From: MAILER-DAEMON@x\nContent-Type: multipart/report; report-type=delivery-status;\n"
      "\tboundary=\"q1.2/x\"\n\nThis is a MIME-encapsulated message\n\n--q1.2/x\n\nThe original\n\n"
      "--q1.2/x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n--q1.2/x--\n";
  const Report report = read_report(message);
  EXPECT_EQ(first_part(message, report), "\nThe original\n");
  EXPECT_EQ(report.notification.text, "The original\n");
  EXPECT_EQ(report.notification.content_type, "text/plain");
  EXPECT_THAT(report.recipients, IsEmpty());
}

TEST(ReadReport, PlainAlternativeIsTheText) {
  const std::string alternatives =
      "Content-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/html\n\n"
      "<p>h&uuml;</p>\n--c\nContent-Type: text/plain; charset=iso-8859-1\n\np\xFC\n--c--\n";
  const std::string message = report_of({alternatives, kStatus});
  const Report report = read_report(message);
  EXPECT_EQ(report.notification.text, "pü");
  EXPECT_EQ(report.notification.content_type, "multipart/alternative");
  EXPECT_EQ(first_part(message, report), alternatives);
  EXPECT_TRUE(report.is_delivery_report);
}

TEST(ReadReport, HtmlAloneIsReadAsText) {
  const Report report =
      read_report(report_of({"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
                             "PHA+Jmx0O2FAeC5leGFtcGxlJmd0OzogZnVsbDwvcD4=\n",
                             kStatus}));
  EXPECT_EQ(report.notification.text, "<a@x.example>: full");
  EXPECT_EQ(report.recipients[0].passage, "full");
  EXPECT_GT(report.notification.range.length, 0U);
}

TEST(ReadReport, BoundaryMayHoldItsOwnName) {
  std::string message = report_of({kText, kStatus});
  for (std::size_t i = message.find("--b"); i != std::string::npos;
       i = message.find("--b", i + 3)) {
    message.replace(i, 3, "--=boundary-1=b");
  }
  message.replace(message.find("\"b\""), 3, "\"=boundary-1=b\"");
  EXPECT_GT(read_report(message).notification.range.length, 0U);
}

TEST(ReadReport, StatusWithinOtherMultipartsIsStillAReport) {
  const std::string nested =
      "Content-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n" + kText +
      "\n--c\n" + kStatus + "\n--c--\n";
  for (const std::string& message : {report_of({kText, kStatus}, "multipart/mixed"),
                                     report_of({kText, nested}, "multipart/mixed"),
                                     report_of({kText, kStatus}, "multipart/report")}) {
    const Report report = read_report(message);
    EXPECT_EQ(report.kind, MessageKind::kReport);
    EXPECT_FALSE(report.is_delivery_report);
    EXPECT_EQ(report.recipients.size(), 1U);
  }
}

// A report with a boundary of its own, as a returned message.
std::string wrapped_report(const std::string& status) {
  return "Content-Type: message/rfc822\n\nFrom: MAILER-DAEMON@inner.example\n"
         "Content-Type: multipart/report; report-type=delivery-status; boundary=inner\n\n"
         "--inner\n" +
         kText + "\n--inner\n" + status + "\n--inner--\n";
}

TEST(ReadReport, ReportWrappedByAGatewayIsRead) {
  const Report report = read_report(report_of({kText, wrapped_report(kStatus)}, "multipart/mixed"));
  EXPECT_EQ(report.kind, MessageKind::kReport);
  EXPECT_FALSE(report.is_delivery_report);
  EXPECT_EQ(report.recipients.size(), 1U);
}

TEST(ReadReport, ForwardedReportIsNone) {
  std::string message = report_of({kText, wrapped_report(kStatus)}, "multipart/mixed");
  message.replace(0, message.find("Content-Type"), "From: anna@x.example\n");
  EXPECT_EQ(read_report(message).kind, MessageKind::kNotABounce);
}

TEST(ReadReport, ReportOnAReportTellsOfTheOuterOne) {
  std::string inner_status = kStatus;
  inner_status.replace(inner_status.find("a@x"), 3, "z@x");
  const Report report = read_report(report_of({kText, kStatus, wrapped_report(inner_status)}));
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].final_recipient, "a@x.example");
}

TEST(ReadReport, EncodedStatusPartIsDecoded) {
  const Report report = read_report(
      report_of({kText,
                 "Content-Type: message/global-delivery-status\n"
                 "Content-Transfer-Encoding: quoted-printable\n\n"
                 "Reporting-MTA: dns; x\n\nFinal-Recipient: utf-8; j=C3=B6rg@x.exa=\nmple\n"}));
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].final_recipient, "jörg@x.example");
}

TEST(ReadReport, EmptyStatusPartIsNoReport) {
  const Report report =
      read_report(report_of({kText, "Content-Type: message/delivery-status\n\n"}));
  EXPECT_EQ(report.kind, MessageKind::kOtherBounce);
  EXPECT_FALSE(report.is_delivery_report);
}

TEST(ReadReport, FilesAndPipesGetTheFailedAddress) {
  const Report report = read_report(
      "X-Failed-Recipients: a@x.example\n" +
      report_of(
          {"Content-Type: text/plain\n\n  save to /var/mail/a\n    generated by a@x.example\n"
           "    mailbox is full\n",
           "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822;/var/mail/a\n"}));
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].final_recipient, "/var/mail/a");
  EXPECT_EQ(report.recipients[0].original_recipient, "a@x.example");
  EXPECT_EQ(report.recipients[0].passage, "mailbox is full");
}

TEST(ReadReport, TheWordsTellTheActionWhereNoFieldDoes) {
  const auto action = [](const std::string& words, const std::string& fields) {
    return read_report(report_of({"Content-Type: text/plain\n\n" + words + "\n",
                                  "Content-Type: message/delivery-status\n\n"
                                  "Final-Recipient: rfc822;a@x.example\n" +
                                      fields}))
        .recipients.at(0)
        .action;
  };
  const std::string reply = "Diagnostic-Code: smtp; 451 4.3.0 later\n";
  EXPECT_EQ(action("Delivery failed permanently.", reply), Action::kFailed);
  EXPECT_EQ(action("Your message has not yet been delivered.", reply), Action::kDelayed);
  EXPECT_EQ(action("About your letter", reply), Action::kNone);
  EXPECT_EQ(action("Delivery failed permanently.", "Status: 2.0.0\n"), Action::kNone);
  EXPECT_EQ(action("Delivery failed permanently.", "Action: odd\n"), Action::kNone);
}

TEST(ReadReport, SendmailsLoopIsOneRecipient) {
  const std::string block =
      "Final-Recipient: rfc822;a@x.example\nX-Actual-Recipient: rfc822;A@x.example\n"
      "Action: failed\nStatus: 5.4.6\n\n";
  const Report report =
      read_report(report_of({kText, "Content-Type: message/delivery-status\n\n" + block + block +
                                        "Final-Recipient: rfc822;a@x.example\nAction: failed\n"
                                        "Status: 5.1.1\n"}));
  ASSERT_EQ(report.recipients.size(), 2U);
  EXPECT_EQ(report.recipients[1].status_text, "5.1.1");
}

TEST(ReadReport, MarkAndSignaturesAreSeen) {
  const std::string message = report_of({kText, kStatus});
  EXPECT_FALSE(read_report(message).has_mark);
  EXPECT_TRUE(read_report("X-Plainbounce: 0.1.0\n" + message).has_mark);
  EXPECT_EQ(read_report(message).signature, "");
  EXPECT_EQ(read_report("dkim-signature: v=1\n" + message).signature, "DKIM-Signature");
  EXPECT_EQ(read_report("ARC-Seal: i=1\n" + message).signature, "ARC-Seal");
  EXPECT_EQ(read_report(report_of({message}, "multipart/signed; protocol=x")).signature,
            "multipart/signed");
  EXPECT_EQ(
      read_report(
          report_of({"Content-Type: multipart/signed; boundary=c\n\n--c\n\nx\n--c--\n", kStatus}))
          .signature,
      "multipart/signed");
  EXPECT_EQ(
      read_report(report_of({"Content-Type: text/plain\n\n-----BEGIN PGP SIGNED MESSAGE-----\nx\n",
                             kStatus}))
          .signature,
      kPgpText);
}

TEST(ReadReport, ManyThreadsMayRead) {
  const std::string expected = dump(read_report(kPostfixReport));
  std::vector<std::string> dumps(8);
  std::vector<std::thread> threads;
  for (std::string& result : dumps) {
    threads.emplace_back([&result] {
      for (int i = 0; i < 20; ++i) result = dump(read_report(kPostfixReport));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(dumps, Each(expected));
}

}  // namespace
}  // namespace plainbounce

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "lib/report/read.h"
#include "tests/unit/report_dump.h"

namespace plainbounce {
namespace {

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
  EXPECT_THAT(report.oddities, IsEmpty());
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

}  // namespace
}  // namespace plainbounce

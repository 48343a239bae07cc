// Messages that are made to be slow or large to read: each must take time and memory in proportion.
#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <string_view>

#include "lib/base/text.h"
#include "lib/report/delivery_status.h"
#include "lib/report/recipient_replies.h"
#include "tests/unit/reading.h"
#include "tests/unit/report_dump.h"

namespace plainbounce {
namespace {

constexpr std::size_t kSize = std::size_t{2} << 20;

// Of this process's own time. Far above what reading takes, even with sanitizers, and far below
// what a quadratic reader would.
constexpr std::clock_t kMaxSeconds = 20;

constexpr std::string_view kHeader =
    "Return-Path: <>\nFrom: MAILER-DAEMON@x\nContent-Type: multipart/report;\n"
    " report-type=delivery-status; boundary=b\n\n";

std::string repeated(std::string_view unit, std::size_t size = kSize) {
  std::string text;
  text.reserve(size + unit.size());
  while (text.size() < size) text += unit;
  return text;
}

std::string with_header(const std::string& content) { return std::string(kHeader) + content; }

std::string with_status(const std::string& status) {
  return with_header("--b\n\n<a@x.example>: full\n--b\nContent-Type: message/delivery-status\n\n" +
                     status + "\n--b--\n");
}

std::string with_text(const std::string& type, const std::string& text) {
  return with_header("--b\nContent-Type: " + type + "\n\n" + text +
                     "\n--b\nContent-Type: message/delivery-status\n\n"
                     "Final-Recipient: rfc822; a@x.example\n\n--b--\n");
}

Report read_in_time(const std::string& message) {
  const std::clock_t begin = std::clock();
  Report report = read_report(message);
  EXPECT_LT(std::clock() - begin, kMaxSeconds * CLOCKS_PER_SEC);
  return report;
}

TEST(HostileReport, MillionsOfParts) {
  EXPECT_TRUE(read_in_time(with_header(repeated("--b\n\nx\n"))).recipients.empty());
  read_in_time(with_header("--b\nContent-Type: multipart/mixed; boundary=c\n\n" +
                           repeated("--c\n\nx\n") + "--c--\n--b--\n"));
}

TEST(HostileReport, DeeplyNestedParts) {
  std::string content;
  for (int i = 0; content.size() < kSize; ++i) {
    const std::string boundary = std::to_string(i);
    content += "--b" + boundary + "\nContent-Type: multipart/mixed; boundary=b" +
               std::to_string(i + 1) + "\n\n";
  }
  const Report report = read_in_time(
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b0\n\n" + content);
  EXPECT_EQ(report.notification.range.length, 0U);
  read_in_time(with_header("--b\n" + repeated("Content-Type: message/rfc822\n\n")));
}

TEST(HostileReport, LinesThatAreAlmostDelimiters) {
  read_in_time(with_header(repeated("--\n")));
  read_in_time(with_header(repeated("-")));
  const std::string dashes(150, '-');
  read_in_time("Content-Type: multipart/report; boundary=\"" + dashes + "\"\n\n" +
               repeated(dashes + "-\n"));
}

TEST(HostileReport, EndlessHeaders) {
  EXPECT_LE(read_in_time(repeated("To: a@x\n") + std::string(kHeader)).to.size(), 1000U);
  read_in_time("To: " + repeated("a@x,") + "\n" + std::string(kHeader));
  read_in_time("To: " + repeated("(") + "\n" + std::string(kHeader));
  read_in_time("To: " + repeated("a:") + "\n" + std::string(kHeader));
  read_in_time("Subject: " + repeated("=?utf-8?Q?a?= ") + "\n" + std::string(kHeader));
  read_in_time("Subject: " + repeated("\n a") + "\n" + std::string(kHeader));
  read_in_time("Content-Type: multipart/report; " + repeated("a*0=b;") + "\n\n");
  EXPECT_LE(read_in_time("Subject: " + repeated("x") + "\n\n").subject.size(), 65536U);
}

// Nested groups, which GMime reads in time that grows by the square, and "recipients" that it takes
// long for.
TEST(HostileReport, EndlessAddressFields) {
  for (const char* const unit : {"a:", "\xC3\xA9,", "a:;", "a:b@c,"}) {
    for (const char* const name : {"To: ", "Cc: ", "X-Failed-Recipients: "}) {
      std::string field = name;
      for (int line = 0; line < 66; ++line) field += repeated(unit, 980) + "\n ";
      const std::string fields = repeated(field + "\n");
      read_in_time(fields + with_text("text/plain", "x"));
      read_in_time(
          with_status("Final-Recipient: rfc822; a@x.example\n\n--b\nContent-Type: "
                      "message/rfc822\n\n" +
                      fields));
    }
  }
}

TEST(HostileReport, EndlessRecipients) {
  std::string blocks;
  for (std::size_t i = 0; blocks.size() < kSize; ++i) {
    blocks += "Final-Recipient: " + std::to_string(i) + "@x.example\n\n";
  }
  EXPECT_EQ(read_in_time(with_status(blocks)).recipients.size(), kMaxRecipients);
  read_in_time(with_status(repeated("Final-Recipient: a@x.example\n\n")));
  EXPECT_LE(read_in_time(with_status(repeated("Final-Recipient: a@x.example\n"))).recipients.size(),
            kMaxRecipients);
}

TEST(HostileReport, EndlessStatus) {
  read_in_time(with_status(repeated("junk\n")));
  read_in_time(with_status(repeated("X: y\n\n")));
  const Report report = read_in_time(with_status("Final-Recipient: a@x\nDiagnostic-Code: smtp; " +
                                                 repeated("said: 550 host x[1.2.3.4] \n ")));
  EXPECT_LE(report.recipients.at(0).diagnostic.size(), 65536U);
}

// Each byte of a reply is matched against all rules.
TEST(HostileReport, EndlessReplies) {
  std::string blocks;
  for (int i = 0; i < 1000; ++i) {
    blocks += "Final-Recipient: rfc822; " + std::to_string(i) +
              "@x.example\nDiagnostic-Code: smtp; " + repeated("550 it is full and ", 8000) +
              "\n\n";
  }
  const Report report = read_in_time(with_status(blocks));
  ASSERT_EQ(report.recipients.size(), 1000U);
  EXPECT_GE(report.recipients.front().replies.at(0).text.size(), 8000U);
  EXPECT_GE(report.recipients.at(100).replies.at(0).text.size(), 8000U);
  EXPECT_LE(report.recipients.back().replies.at(0).text.size(), kMaxLaterReply);
  EXPECT_GE(report.recipients.back().replies.at(0).text.size(), kMaxLaterReply - 20);
}

TEST(HostileReport, TextFullOfAddresses) {
  const std::string_view units[] = {"<a@x.example>: x\n",    "a@x.example ",   "@", "a\n",
                                    "<a@x.example>\n\n\n\n", " a\n  a\n   a\n"};
  for (const std::string_view unit : units) {
    const Report report = read_in_time(with_text("text/plain", repeated(unit, kSize / 3)));
    EXPECT_LE(report.recipients.at(0).passage.size(), 8192U);
  }
  for (const std::string_view unit : {"a@x.example... x\n", "... while talking to x\n>>> y\n"}) {
    read_in_time(with_text("text/plain", "   ----- Transcript of session follows -----\n" +
                                             repeated(unit, kSize / 3)));
  }
}

TEST(HostileReport, TextOfBrokenMarkup) {
  for (const std::string_view unit : {"<", "<!-", "<script", "<script>", "&#", "</", "&lt;"}) {
    read_in_time(with_text("text/html", repeated(unit, kSize / 3)));
  }
}

TEST(HostileReport, BytesWithoutStructure) {
  read_in_time(std::string(kSize, '\0'));
  read_in_time(std::string(kSize, 'x'));
  read_in_time(std::string(kSize, '\n'));
  read_in_time(std::string(kSize, ':'));
}

// A byte that no UTF-8 has, in each place that an address, a name or words may come from.
TEST(HostileReport, WhatIsNoUtf8IsReadAsUtf8) {
  const std::string bad = "b\xC3@x.example";
  const std::string returned = "Return-Path: <" + bad + ">\nReceived: from a by b id 1\xC3 for <" +
                               bad + ">; date\nMessage-ID: <\xC3@x>\nFrom: \xC3 <" + bad +
                               ">\nSubject: \xC3\n";
  const std::string words = "\nThe mail system failed to deliver.\n\xC3\n";
  for (const std::string& field :
       {"Envelope-To: " + bad, "X-Envelope-To: " + bad, "X-Original-To: <" + bad + ">",
        std::string("X-Nothing: "), "To: \xC3 <" + bad + ">"}) {
    for (const std::string& message :
         {"From: \xC3 <MAILER-DAEMON@x>\nSubject: failure notice\nContent-Type: multipart/mixed; "
          "boundary=b\n\n--b\n" +
              words + "\n--b\nContent-Type: message/rfc822\n\n" + field + "\n" + returned +
              "\n--b--\n",
          "From: MAILER-DAEMON@x\nSubject: failure notice\nX-Failed-Recipients: \n" + words +
              "\n--- Below this line is a copy of the message.\n\n" + field + "\n" + returned,
          with_status("Reporting-MTA: dns; \xC3\nX-Postfix-Queue-ID: \xC3\n\nFinal-Recipient: "
                      "rfc822; " +
                      bad + "\nStatus: 5.1.1 (\xC3)\nRemote-MTA: dns; \xC3\n" +
                      "Diagnostic-Code: smtp; 550 \xC3\n" + field)}) {
      const std::string read = dump(read_report(message));
      EXPECT_EQ(valid_utf8(read), read);
    }
  }
}

}  // namespace
}  // namespace plainbounce

#include "lib/report/message_kind.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/report/read.h"

namespace plainbounce {
namespace {

MessageKind kind_of(const std::string& message) { return read_report(message).kind; }

TEST(MessageKind, MailFromAPersonIsNoBounce) {
  EXPECT_EQ(kind_of("Return-Path: <a@x>\nFrom: a@x\nSubject: Delivery failed?\n\nUndeliverable\n"),
            MessageKind::kNotABounce);
}

TEST(MessageKind, DaemonThatSpeaksOfFailureBounces) {
  EXPECT_EQ(kind_of("From: MAILER-DAEMON <>\nSubject: Mail delivery failed\n\nx\n"),
            MessageKind::kOtherBounce);
  EXPECT_EQ(kind_of("From: Mail Delivery System <x@y>\nSubject: Oh\n\nReturned mail\n"),
            MessageKind::kOtherBounce);
}

TEST(MessageKind, PostmasterMayWriteOfOtherThings) {
  EXPECT_EQ(kind_of("From: postmaster@x\nSubject: Maintenance on Sunday\n\nHello\n"),
            MessageKind::kNotABounce);
}

TEST(MessageKind, NullSenderWithTheReturnedMessageBounces) {
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: a@x\nContent-Type: multipart/mixed; boundary=b\n\n"
                    "--b\n\nLeider\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\n--b--\n"),
            MessageKind::kOtherBounce);
}

TEST(MessageKind, AutomaticAnswerIsNoBounce) {
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: anna@x\nSubject: Delivery of your mail\n"
                    "Auto-Submitted: auto-replied (vacation)\n\nI'm away, deliver it later.\n"),
            MessageKind::kNotABounce);
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: anna@x\nX-Auto-Response-Suppress: All\n\nfailed\n"),
            MessageKind::kNotABounce);
}

TEST(MessageKind, ReportsOfOtherTypesAreNoBounces) {
  for (const std::string type : {"disposition-notification", "feedback-report", "tlsrpt"}) {
    EXPECT_EQ(kind_of("Return-Path: <>\nFrom: MAILER-DAEMON@x\nSubject: failed\n"
                      "Content-Type: multipart/report; report-type=" +
                      type + "; boundary=b\n\n--b\n\ndelivery failed\n--b--\n"),
              MessageKind::kNotABounce);
  }
}

TEST(MessageKind, CutOffReportIsABounce) {
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: MAILER-DAEMON@x\nSubject: Unzustellbar\n"
                    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                    "--b\n\nIhre Nachr"),
            MessageKind::kOtherBounce);
}

TEST(MessageKind, EximsHeaderIsEnough) {
  EXPECT_EQ(kind_of("X-Failed-Recipients: a@x\nFrom: x@y\n\nx\n"), MessageKind::kOtherBounce);
}

}  // namespace
}  // namespace plainbounce

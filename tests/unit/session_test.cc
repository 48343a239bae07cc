// What a session makes of a message, and what it leaves alone.
#include <gmock/gmock.h>

#include "tests/unit/session_fixture.h"

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(SessionTest, EditIsSentAsTheWholeBodyAndThenTheHeader) {
  send("An ugly thing\r\n");
  EXPECT_EQ(mta_.body, "An plain thing\r\n");
  EXPECT_THAT(mta_.calls, ElementsAre("body", "replace Subject: New", "add X-Plainbounce: 1"));
  ASSERT_EQ(records_.size(), 1U);
  EXPECT_EQ(records_[0].result, Result::kRewritten);
  EXPECT_EQ(records_[0].queue_id, "Q1");
  EXPECT_EQ(records_[0].reason, "");
  EXPECT_EQ(records_[0].recipients, 2U);
  EXPECT_THAT(records_[0].causes, ElementsAre("mailbox-full"));
  EXPECT_EQ(records_[0].bytes, seen_.size());
  EXPECT_EQ(workplace_.messages, 0);
}

TEST_F(SessionTest, ObservingSaysWhatWouldBeDoneAndChangesNothing) {
  rewriter_.observe = true;
  send("An ugly thing\r\n");
  EXPECT_THAT(mta_.calls, IsEmpty());
  ASSERT_EQ(records_.size(), 1U);
  EXPECT_EQ(records_[0].result, Result::kObserved);
  EXPECT_EQ(records_[0].recipients, 2U);
  EXPECT_THAT(records_[0].causes, ElementsAre("mailbox-full"));
}

TEST_F(SessionTest, WorkIsToBeDoneWithinTheBudget) {
  rewriter_.rewrite = [&](std::string_view message, const Envelope&, Clock::time_point deadline) {
    EXPECT_LT(deadline, Clock::now() + rewriter_.time_budget);
    EXPECT_GT(deadline, Clock::now() + rewriter_.time_budget / 2);
    return make_plain(message);
  };
  send("An ugly thing\r\n");
  EXPECT_EQ(records_[0].result, Result::kRewritten);
}

TEST_F(SessionTest, MessageIsPutTogetherFromHeaderAndBody) {
  session_.connect("127.0.0.1");
  session_.mail("", "");
  session_.recipient("alice@example.org");
  session_.recipient("<bob@example.org>");
  session_.header("Received", "from a\n\tby b;\r\n\tnow");
  session_.header("Content-Type", kReportType);
  session_.end_of_header("");
  session_.body("ug");
  session_.body("ly\r");
  session_.body("\n");
  session_.end_of_message("", mta_);
  EXPECT_EQ(seen_,
            "Received: from a\r\n\tby b;\r\n\tnow\r\n"
            "Content-Type: multipart/report; report-type=delivery-status\r\n\r\nugly\r\n");
  EXPECT_EQ(seen_envelope_.sender, "");
  EXPECT_THAT(seen_envelope_.recipients, ElementsAre("alice@example.org", "bob@example.org"));
  EXPECT_EQ(seen_envelope_.client_address, "127.0.0.1");
}

TEST_F(SessionTest, LargeBodyGoesInChunksThatKeepLineEndsWhole) {
  std::string body = "ugly";
  body += std::string(EditSink::kMaxChunk - 1, 'x') + "\r\n" + std::string(200000, 'y') + "\r\n";
  send(body);
  EXPECT_EQ(mta_.body, "plain" + body.substr(4));
  for (const std::string& chunk : mta_.chunks) EXPECT_NE(chunk.back(), '\r');
}

TEST_F(SessionTest, SenderThatIsNotNullIsAcceptedAtOnce) {
  EXPECT_EQ(session_.mail("<alice@example.org>", "Q2"), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), id_of(LeaveReason::kSenderNotNull));
  EXPECT_FALSE(records_[0].sender_is_null);
  EXPECT_EQ(records_[0].queue_id, "Q2");
}

TEST_F(SessionTest, ClientThatWasNeverNamedIsNotTrusted) {
  Session session(workplace_);
  EXPECT_EQ(session.mail("<>", ""), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), id_of(LeaveReason::kUntrustedClient));
  EXPECT_TRUE(records_[0].sender_is_null);
}

TEST_F(SessionTest, MachineRecipientIsAcceptedAtTheEndOfTheHeader) {
  session_.mail("<>", "");
  session_.recipient("<list-bounces@example.org>");
  session_.header("Content-Type", kReportType);
  EXPECT_EQ(session_.end_of_header(""), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), id_of(LeaveReason::kMachineRecipient));
  EXPECT_THAT(records_[0].detail, ::testing::StartsWith("*")) << "the pattern, not the address";
}

TEST_F(SessionTest, OtherContentIsAcceptedAtTheEndOfTheHeader) {
  for (const char* type : {"text/plain", "multipart/mixed; boundary=x", ""}) {
    records_.clear();
    EXPECT_EQ(begin(type), Session::Next::kAccept);
    EXPECT_EQ(only_reason(), id_of(LeaveReason::kNotAReport)) << type;
  }
}

TEST_F(SessionTest, OddlyWrittenReportTypeIsReadOn) {
  for (const char* type : {"MULTIPART/Report", "multipart/(c) report", "\n multipart/report"}) {
    EXPECT_EQ(begin(type), Session::Next::kContinue) << type;
  }
}

TEST_F(SessionTest, WhatTheLibraryLeavesAloneIsNotEdited) {
  rewriter_.rewrite = [](std::string_view, const Envelope&, Clock::time_point) {
    Rewrite rewrite;
    rewrite.reason = LeaveReason::kSigned;
    rewrite.detail = "ARC-Seal";
    return rewrite;
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), id_of(LeaveReason::kSigned));
  EXPECT_EQ(records_[0].detail, "ARC-Seal");
  EXPECT_EQ(records_[0].result, Result::kLeftAlone);
}

TEST_F(SessionTest, TooLargeMessageIsDroppedWhereverItGrows) {
  rewriter_.max_message_size = 200;
  ASSERT_EQ(begin(), Session::Next::kContinue);
  session_.body(std::string(150, 'x'));
  session_.body("ugly");
  session_.end_of_message("Q1", mta_);
  EXPECT_EQ(only_reason(), "too-large");
  EXPECT_EQ(records_[0].result, Result::kLeftAlone);
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(seen_, "");

  records_.clear();
  session_.mail("<>", "");
  session_.header("X-Long", std::string(300, 'x'));
  session_.header("Content-Type", kReportType);
  EXPECT_EQ(session_.end_of_header("Q2"), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), "too-large");
}

TEST_F(SessionTest, MessageOfExactlyTheMaximumIsRewritten) {
  ASSERT_EQ(begin(), Session::Next::kContinue);
  session_.body("ugly");
  session_.end_of_message("Q1", mta_);
  rewriter_.max_message_size = seen_.size();
  send("ugly");
  EXPECT_EQ(records_[1].result, Result::kRewritten);
}

TEST_F(SessionTest, NewMailForgetsTheMessageBefore) {
  ASSERT_EQ(begin(), Session::Next::kContinue);
  session_.body("leftover of the first");
  send("ugly");
  EXPECT_EQ(seen_.find("leftover"), std::string::npos);
  EXPECT_THAT(seen_envelope_.recipients, ElementsAre("alice@example.org"));
  EXPECT_EQ(mta_.body, "plain");
  EXPECT_EQ(records_.size(), 1U);
  EXPECT_EQ(workplace_.messages, 0);
}

TEST_F(SessionTest, MessageCountsAsInHandFromMailToItsEnd) {
  {
    Session session(workplace_);
    session.connect("");
    session.mail("<>", "");
    EXPECT_EQ(workplace_.messages, 1);
    session.reset();
    EXPECT_EQ(workplace_.messages, 0);
    session.mail("<>", "");
    session.mail("<>", "");
    EXPECT_EQ(workplace_.messages, 1);
  }
  EXPECT_EQ(workplace_.messages, 0) << "a connection that breaks off";
}

TEST_F(SessionTest, StrayCallsWithoutAMessageDoNothing) {
  session_.recipient("<a@example.org>");
  session_.header("Subject", "x");
  session_.body("ugly");
  session_.end_of_message("Q1", mta_);
  EXPECT_THAT(records_, IsEmpty());
  EXPECT_THAT(mta_.calls, IsEmpty());
}

TEST_F(SessionTest, MessageKeepsTheSetupThatItBeganWith) {
  ASSERT_EQ(begin(), Session::Next::kContinue);
  rewriter_.rewrite = [](std::string_view, const Envelope&, Clock::time_point) -> Rewrite {
    throw 7;
  };
  session_.body("ugly");
  session_.end_of_message("Q1", mta_);
  EXPECT_EQ(records_[0].result, Result::kRewritten);
}

}  // namespace
}  // namespace plainbounce

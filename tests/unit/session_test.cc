#include "milter/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <new>
#include <stdexcept>
#include <thread>

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// An MTA that takes edits, and may refuse from the nth on.
class FakeMta : public EditSink {
 public:
  bool replace_body(std::string_view chunk) override {
    if (!take("body")) return false;
    EXPECT_LE(chunk.size(), kMaxChunk);
    chunks.emplace_back(chunk);
    body += chunk;
    return true;
  }
  bool replace_header(const std::string& name, const std::string& value) override {
    return take("replace " + name + ": " + value);
  }
  bool add_header(const std::string& name, const std::string& value) override {
    return take("add " + name + ": " + value);
  }

  std::string body;
  std::vector<std::string> chunks;
  std::vector<std::string> calls;  // "body" once for a run of chunks
  int refuse_at = -1;

 private:
  bool take(const std::string& call) {
    if (count_++ == refuse_at) return false;
    if (calls.empty() || calls.back() != "body" || call != "body") calls.push_back(call);
    return true;
  }

  int count_ = 0;
};

// Replaces "ugly" in the body by "plain".
Rewrite make_plain(std::string_view message) {
  Rewrite rewrite;
  rewrite.language = "en";
  RecipientDiagnosis recipient;
  recipient.cause = Cause::kMailboxFull;
  rewrite.diagnosis.recipients = {recipient, recipient};
  rewrite.edit = Edit{message.find("ugly"),
                      4,
                      "plain",
                      {{HeaderChange::Kind::kReplace, "Subject", "New"},
                       {HeaderChange::Kind::kAdd, "X-Plainbounce", "1"}}};
  return rewrite;
}

constexpr std::string_view kReportType = "multipart/report; report-type=delivery-status";

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    rewriter_.judge_envelope = [](const Envelope& envelope) {
      return judge_envelope(envelope, Policy::defaults());
    };
    rewriter_.rewrite = [this](std::string_view message, const Envelope& envelope) {
      seen_ = message;
      seen_envelope_ = envelope;
      return make_plain(message);
    };
    rewriter_.max_message_size = 1 << 20;
    rewriter_.time_budget = std::chrono::seconds(30);
    workplace_.current_rewriter = [this] { return std::make_shared<const Rewriter>(rewriter_); };
    workplace_.in_hand = &in_hand_;
    workplace_.report = [this](const MessageRecord& record) { records_.push_back(record); };
    session_.connect("");
  }

  // One message up to the end of its header.
  Session::Next begin(std::string_view content_type = kReportType) {
    if (session_.mail("<>", "Q1") == Session::Next::kAccept) return Session::Next::kAccept;
    session_.recipient("<alice@example.org>");
    session_.header("Subject", "Old");
    session_.header("Content-Type", content_type);
    return session_.end_of_header("Q1");
  }

  void send(std::string_view body) {
    ASSERT_EQ(begin(), Session::Next::kContinue);
    session_.body(body);
    session_.end_of_message("Q1", mta_);
  }

  std::string only_reason() {
    EXPECT_EQ(records_.size(), 1U);
    EXPECT_EQ(workplace_.messages, 0);
    return records_.empty() ? "no record" : records_[0].reason;
  }

  Rewriter rewriter_;
  InHand in_hand_;
  std::vector<MessageRecord> records_;
  Workplace workplace_;
  Session session_{workplace_};
  FakeMta mta_;
  std::string seen_;
  Envelope seen_envelope_;
};

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

TEST_F(SessionTest, NothingIsInWorkAfterwards) {
  rewriter_.rewrite = [&](std::string_view message, const Envelope&) {
    EXPECT_GT(workplace_.work_times.longest(WorkTimes::Clock::now() + std::chrono::seconds(1)),
              std::chrono::seconds(1));
    return make_plain(message);
  };
  send("An ugly thing\r\n");
  EXPECT_EQ(workplace_.work_times.longest(), std::chrono::seconds(0));
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
  EXPECT_EQ(only_reason(), leave_reason_id(LeaveReason::kSenderNotNull));
  EXPECT_FALSE(records_[0].sender_is_null);
  EXPECT_EQ(records_[0].queue_id, "Q2");
}

TEST_F(SessionTest, ClientThatWasNeverNamedIsNotTrusted) {
  Session session(workplace_);
  EXPECT_EQ(session.mail("<>", ""), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), leave_reason_id(LeaveReason::kUntrustedClient));
  EXPECT_TRUE(records_[0].sender_is_null);
}

TEST_F(SessionTest, MachineRecipientIsAcceptedAtTheEndOfTheHeader) {
  session_.mail("<>", "");
  session_.recipient("<list-bounces@example.org>");
  session_.header("Content-Type", kReportType);
  EXPECT_EQ(session_.end_of_header(""), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), leave_reason_id(LeaveReason::kMachineRecipient));
}

TEST_F(SessionTest, OtherContentIsAcceptedAtTheEndOfTheHeader) {
  for (const char* type : {"text/plain", "multipart/mixed; boundary=x", ""}) {
    records_.clear();
    EXPECT_EQ(begin(type), Session::Next::kAccept);
    EXPECT_EQ(only_reason(), leave_reason_id(LeaveReason::kNotAReport)) << type;
  }
}

TEST_F(SessionTest, OddlyWrittenReportTypeIsReadOn) {
  for (const char* type : {"MULTIPART/Report", "multipart/(c) report", "\n multipart/report"}) {
    EXPECT_EQ(begin(type), Session::Next::kContinue) << type;
  }
}

TEST_F(SessionTest, WhatTheLibraryLeavesAloneIsNotEdited) {
  rewriter_.rewrite = [](std::string_view, const Envelope&) {
    Rewrite rewrite;
    rewrite.reason = LeaveReason::kSigned;
    return rewrite;
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), leave_reason_id(LeaveReason::kSigned));
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

TEST_F(SessionTest, ExceptionPassesTheMessageUnchanged) {
  rewriter_.rewrite = [](std::string_view, const Envelope&) -> Rewrite {
    throw std::runtime_error("bad luck");
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "exception");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
  EXPECT_EQ(records_[0].detail, "bad luck");
  EXPECT_EQ(records_[0].queue_id, "Q1");
}

TEST_F(SessionTest, WhatIsNoExceptionPassesTheMessageUnchanged) {
  rewriter_.rewrite = [](std::string_view, const Envelope&) -> Rewrite { throw 7; };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "exception");
}

TEST_F(SessionTest, LackOfMemoryPassesTheMessageUnchanged) {
  rewriter_.rewrite = [](std::string_view, const Envelope&) -> Rewrite { throw std::bad_alloc(); };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "out-of-memory");
}

TEST_F(SessionTest, ExceptionAtMailAcceptsTheMessage) {
  rewriter_.judge_envelope = [](const Envelope&) -> LeaveReason { throw std::logic_error("no"); };
  EXPECT_EQ(begin(), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), "exception");
}

TEST_F(SessionTest, LogThatThrowsLosesOnlyItsLine) {
  workplace_.report = [](const MessageRecord&) { throw std::runtime_error("disk full"); };
  send("An ugly thing");
  EXPECT_EQ(mta_.body, "An plain thing");
  EXPECT_EQ(workplace_.messages, 0);
}

TEST_F(SessionTest, SlowComputationPassesTheMessageUnchanged) {
  rewriter_.time_budget = std::chrono::milliseconds(5);
  rewriter_.rewrite = [](std::string_view message, const Envelope&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return make_plain(message);
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "time-budget");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
}

TEST_F(SessionTest, WhatTookTooLongOncePassesAtOnce) {
  const char name[] = "/tmp/plainbounce-slow-test";
  unlink(name);
  InHand in_hand(name);
  workplace_.in_hand = &in_hand;
  rewriter_.time_budget = std::chrono::milliseconds(5);
  int computed = 0;
  rewriter_.rewrite = [&computed](std::string_view message, const Envelope&) {
    ++computed;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return make_plain(message);
  };
  send("ugly 1");
  send("ugly 2");
  EXPECT_EQ(computed, 1);
  ASSERT_EQ(records_.size(), 2U);
  EXPECT_EQ(records_[1].reason, "failed-before");
  EXPECT_THAT(mta_.calls, IsEmpty());
  unlink(name);
}

TEST_F(SessionTest, EditOutsideTheBodyIsNotMade) {
  for (const auto& [offset, length] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 4}, {10, 4}, {100000, 0}, {80, 100000}, {std::string::npos, 4}, {80, SIZE_MAX}}) {
    rewriter_.rewrite = [offset = offset, length = length](std::string_view, const Envelope&) {
      Rewrite rewrite;
      rewrite.edit = Edit{offset, length, "x", {}};
      return rewrite;
    };
    records_.clear();
    send("ugly and some more text");
    EXPECT_THAT(mta_.calls, IsEmpty()) << offset;
    EXPECT_EQ(only_reason(), "edit-out-of-range") << offset;
  }
}

TEST_F(SessionTest, EditThatTheMtaRefusesStopsThere) {
  mta_.refuse_at = 1;
  send("An ugly thing");
  EXPECT_THAT(mta_.calls, ElementsAre("body"));
  EXPECT_EQ(only_reason(), "mta-refused-edit");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
}

TEST_F(SessionTest, BodyWithoutEndOfHeaderPassesUnchanged) {
  session_.mail("<>", "");
  session_.body("ugly");
  session_.end_of_message("Q1", mta_);
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "no-end-of-header");
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
  rewriter_.rewrite = [](std::string_view, const Envelope&) -> Rewrite { throw 7; };
  session_.body("ugly");
  session_.end_of_message("Q1", mta_);
  EXPECT_EQ(records_[0].result, Result::kRewritten);
}

TEST_F(SessionTest, MessageThatCrashedTheProcessIsNotReadAgain) {
  char name[] = "/tmp/plainbounce-session-XXXXXX";
  const int descriptor = mkstemp(name);
  ASSERT_GE(descriptor, 0);
  close(descriptor);
  const pid_t child = fork();
  if (child == 0) {
    InHand in_hand(name);
    workplace_.in_hand = &in_hand;
    rewriter_.rewrite = [](std::string_view, const Envelope&) -> Rewrite { std::_Exit(3); };
    begin();
    session_.body("An ugly thing of 2026, --4F1C.1700000000/mail\r\n");
    session_.end_of_message("Q1", mta_);
    std::_Exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 3);

  InHand in_hand(name);
  workplace_.in_hand = &in_hand;
  send("An ugly thing of 2027, --4F1C.1700000999/mail\r\n");
  EXPECT_EQ(only_reason(), "failed-before");
  EXPECT_EQ(seen_, "");
  EXPECT_THAT(mta_.calls, IsEmpty());
  send("Another ugly thing\r\n");
  EXPECT_EQ(records_[1].result, Result::kRewritten);
  unlink(name);
}

}  // namespace
}  // namespace plainbounce

// Whatever goes wrong, hangs or crashes in a session: the message passes unchanged.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <thread>

#include "tests/unit/session_fixture.h"

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FailOpenTest : public SessionTest {};

TEST_F(FailOpenTest, ExceptionPassesTheMessageUnchanged) {
  rewriter_.rewrite = [](std::string_view, const Envelope&, Clock::time_point) -> Rewrite {
    throw std::runtime_error("bad luck");
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "exception");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
  EXPECT_EQ(records_[0].detail, "bad luck");
  EXPECT_EQ(records_[0].queue_id, "Q1");
}

TEST_F(FailOpenTest, WhatIsNoExceptionPassesTheMessageUnchanged) {
  rewriter_.rewrite = [](std::string_view, const Envelope&, Clock::time_point) -> Rewrite {
    throw 7;
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "exception");
}

TEST_F(FailOpenTest, LackOfMemoryPassesTheMessageUnchanged) {
  rewriter_.rewrite = [](std::string_view, const Envelope&, Clock::time_point) -> Rewrite {
    throw std::bad_alloc();
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "out-of-memory");
}

TEST_F(FailOpenTest, ExceptionAtMailAcceptsTheMessage) {
  rewriter_.judge_envelope = [](const Envelope&) -> Decision { throw std::logic_error("no"); };
  EXPECT_EQ(begin(), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), "exception");
}

TEST_F(FailOpenTest, LogThatThrowsLosesOnlyItsLine) {
  workplace_.report = [](const MessageRecord&) { throw std::runtime_error("disk full"); };
  send("An ugly thing");
  EXPECT_EQ(mta_.body, "An plain thing");
  EXPECT_EQ(workplace_.messages, 0);
}

TEST_F(FailOpenTest, SlowComputationPassesTheMessageUnchanged) {
  rewriter_.time_budget = std::chrono::milliseconds(5);
  rewriter_.rewrite = [](std::string_view message, const Envelope&, Clock::time_point) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return make_plain(message);
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "time-budget");
  EXPECT_EQ(records_[0].detail, "done");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
}

TEST_F(FailOpenTest, WorkThatWasStoppedPassesTheMessageUnchanged) {
  rewriter_.rewrite = [](std::string_view, const Envelope&, Clock::time_point) {
    Rewrite rewrite;
    rewrite.reason = LeaveReason::kStopped;
    rewrite.detail = id_of(WorkStage::kJudging);
    return rewrite;
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "time-budget");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
  EXPECT_EQ(records_[0].detail, "judging");
}

// What a worker did that the message may make it do again; and what was none of the message's
// doing.
TEST_F(FailOpenTest, OnlyAMessageThatAWorkerDiedOverPassesAtOnceTheNextTime) {
  FailOpenReason failure{};
  rewriter_.rewrite = [&failure](std::string_view, const Envelope&, Clock::time_point) {
    return WorkResult::failed(failure, "SIGSEGV");
  };
  for (const auto& [reason, next] : std::vector<std::pair<FailOpenReason, std::string>>{
           {FailOpenReason::kNoWorker, "no-worker"},
           {FailOpenReason::kException, "exception"},
           {FailOpenReason::kWorkerDied, "failed-before"}}) {
    failure = reason;
    records_.clear();
    send("ugly 1");
    send("ugly 2");
    EXPECT_THAT(mta_.calls, IsEmpty());
    ASSERT_EQ(records_.size(), 2U);
    EXPECT_EQ(records_[0].reason, id_of(reason));
    EXPECT_EQ(records_[0].detail, "SIGSEGV");
    EXPECT_EQ(records_[1].reason, next);
  }
}

TEST_F(FailOpenTest, TheSameMessageIsNeverInWorkTwice) {
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  rewriter_.rewrite = [&](std::string_view message, const Envelope&, Clock::time_point) {
    most = std::max<int>(most, ++at_once);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    --at_once;
    return make_plain(message);
  };
  workplace_.report = [](const MessageRecord&) {};
  std::vector<std::thread> threads;
  std::vector<FakeMta> mtas(4);
  threads.reserve(mtas.size());
  for (FakeMta& mta : mtas) {
    threads.emplace_back([this, &mta] {
      Session session(workplace_);
      session.connect("");
      session.mail("<>", "Q");
      session.recipient("<alice@example.org>");
      session.header("Content-Type", kReportType);
      session.end_of_header("Q");
      session.body("ugly");
      session.end_of_message("Q", mta);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 1);
  for (const FakeMta& mta : mtas) EXPECT_EQ(mta.body, "plain");
}

TEST_F(FailOpenTest, AMessageThatIsInWorkAllTheTimePassesUnchanged) {
  rewriter_.time_budget = std::chrono::milliseconds(5);
  send("ugly");
  const auto turn = workplace_.in_work.take_turn(fingerprint({"alice@example.org"}, "ugly"),
                                                 Clock::now() + std::chrono::seconds(1));
  ASSERT_TRUE(turn);
  send("ugly");
  ASSERT_EQ(records_.size(), 2U);
  EXPECT_EQ(records_[1].reason, "no-worker");
  EXPECT_EQ(records_[1].detail, "in-work");
}

TEST_F(FailOpenTest, WhatTookTooLongOncePassesAtOnce) {
  const char name[] = "/tmp/plainbounce-slow-test";
  unlink(name);
  CrashGuard crash_guard(name);
  workplace_.crash_guard = &crash_guard;
  rewriter_.time_budget = std::chrono::milliseconds(5);
  int computed = 0;
  rewriter_.rewrite = [&computed](std::string_view message, const Envelope&, Clock::time_point) {
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

// Bytes that the program has from the C library; 0: a sanitizer gives them.
std::size_t taken() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST_F(FailOpenTest, AMessageTakesHardlyMoreMemoryThanIsCounted) {
  if (taken() == 0) GTEST_SKIP() << "the sanitizer's memory isn't counted";
  rewriter_.max_message_size = rewriter_.max_memory = std::size_t{100} << 20;
  ASSERT_EQ(begin(), Session::Next::kContinue);
  const std::string chunk(65535, 'x');
  const std::size_t before = taken();
  for (int i = 0; i < 500; ++i) {
    session_.body(chunk);
    ASSERT_LE(taken() - before, workplace_.held + workplace_.held / 4 + (1 << 20)) << i;
  }
}

// At the edge: to the limit both go on, a byte further the one that needs it passes, and gives its
// memory up at once.
TEST_F(FailOpenTest, WhatAllMessagesTakeTogetherHasALimit) {
  Session another(workplace_);
  another.connect("");
  another.mail("<>", "Q2");
  another.header("Content-Type", kReportType);
  another.end_of_header("Q2");
  begin();
  session_.body("ugly");
  rewriter_.max_memory = workplace_.held + 1000;
  Session third(workplace_);
  third.connect("");
  third.mail("<>", "Q3");
  third.recipient(std::string(1000 - sizeof(std::string), 'a'));
  third.header("Content-Type", kReportType);
  EXPECT_EQ(third.end_of_header("Q3"), Session::Next::kAccept);
  ASSERT_EQ(records_.size(), 1U);
  EXPECT_EQ(records_[0].reason, "out-of-memory");
  EXPECT_EQ(records_[0].detail, "max-memory");
  EXPECT_EQ(workplace_.held, rewriter_.max_memory - 1000);
  session_.body(std::string(1000, 'x'));
  session_.end_of_message("Q1", mta_);
  EXPECT_EQ(records_[1].result, Result::kRewritten);
  another.reset();
  EXPECT_EQ(workplace_.held, 0U);
}

// Whatever comes after is taken for nothing, and the next message is worked on again.
TEST_F(FailOpenTest, ASilentMtaLosesItsPlaceInMemory) {
  const auto before = Clock::now();
  begin();
  session_.body("ugly");
  workplace_.sessions.drop_silent(before + rewriter_.max_silence);
  EXPECT_GT(workplace_.held, 0U);
  workplace_.sessions.drop_silent(Clock::now() + rewriter_.max_silence +
                                  std::chrono::milliseconds(1));
  EXPECT_EQ(workplace_.held, 0U);
  session_.body("more");
  session_.end_of_message("Q1", mta_);
  EXPECT_EQ(only_reason(), "mta-silent");
  EXPECT_TRUE(mta_.calls.empty());
  send("ugly");
  EXPECT_EQ(records_[1].result, Result::kRewritten);
}

TEST_F(FailOpenTest, BetweenMessagesAnMtaMayBeSilent) {
  send("ugly");
  workplace_.sessions.drop_silent(Clock::now() + std::chrono::hours(1));
  session_.mail("<>", "Q2");
  session_.recipient("<alice@example.org>");
  workplace_.sessions.drop_silent(Clock::now() + std::chrono::hours(1));
  session_.header("Content-Type", kReportType);
  EXPECT_EQ(session_.end_of_header("Q2"), Session::Next::kContinue);
}

// At the edge: as many as the limit says are worked on; one more is when another ends.
TEST_F(FailOpenTest, SessionsHaveALimit) {
  rewriter_.max_sessions = 2;
  auto second = std::make_unique<Session>(workplace_);
  Session third(workplace_);
  for (Session* const session : {second.get(), &third}) session->connect("");
  EXPECT_EQ(begin(), Session::Next::kContinue);
  EXPECT_EQ(second->mail("<>", "Q2"), Session::Next::kContinue);
  EXPECT_EQ(third.mail("<>", "Q3"), Session::Next::kAccept);
  ASSERT_EQ(records_.size(), 1U);
  EXPECT_EQ(records_[0].reason, "many-sessions");
  second.reset();
  EXPECT_EQ(third.mail("<>", "Q4"), Session::Next::kContinue);
}

TEST_F(FailOpenTest, RecipientsHaveALimitAsTheMessageHas) {
  session_.mail("<>", "");
  for (int i = 0; i < 20; ++i) session_.recipient(std::string(60000, 'a'));
  EXPECT_EQ(session_.end_of_header(""), Session::Next::kAccept);
  EXPECT_EQ(only_reason(), "too-large");
}

TEST_F(FailOpenTest, EditOutsideTheBodyIsNotMade) {
  for (const auto& [offset, length] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 4}, {10, 4}, {100000, 0}, {80, 100000}, {std::string::npos, 4}, {80, SIZE_MAX}}) {
    rewriter_.rewrite = [offset = offset, length = length](std::string_view, const Envelope&,
                                                           Clock::time_point) {
      Rewrite rewrite;
      rewrite.edit = Edit{offset, length, "x", {}};
      return rewrite;
    };
    records_.clear();
    send("ugly and some more text");
    EXPECT_THAT(mta_.calls, IsEmpty()) << offset;
    EXPECT_EQ(only_reason(), "edit-out-of-range") << offset;
    EXPECT_THAT(records_[0].detail, HasSubstr(fmt::format("{} bytes at {} of ", length, offset)));
  }
}

TEST_F(FailOpenTest, EditThatTheMtaRefusesStopsThere) {
  mta_.refuse_at = 1;
  send("An ugly thing");
  EXPECT_THAT(mta_.calls, ElementsAre("body"));
  EXPECT_EQ(only_reason(), "mta-refused-edit");
  EXPECT_EQ(records_[0].detail, "body");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
}

TEST_F(FailOpenTest, BodyWithoutEndOfHeaderPassesUnchanged) {
  session_.mail("<>", "");
  session_.body("ugly");
  session_.end_of_message("Q1", mta_);
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "no-end-of-header");
}

TEST_F(FailOpenTest, MessageThatCrashedTheProcessIsNotReadAgain) {
  char name[] = "/tmp/plainbounce-session-XXXXXX";
  const int descriptor = mkstemp(name);
  ASSERT_GE(descriptor, 0);
  close(descriptor);
  const pid_t child = fork();
  if (child == 0) {
    CrashGuard crash_guard(name);
    workplace_.crash_guard = &crash_guard;
    rewriter_.rewrite = [](std::string_view, const Envelope&, Clock::time_point) -> Rewrite {
      std::_Exit(3);
    };
    begin();
    session_.body("An ugly thing of 2026, --4F1C.1700000000/mail\r\n");
    session_.end_of_message("Q1", mta_);
    std::_Exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 3);

  CrashGuard crash_guard(name);
  workplace_.crash_guard = &crash_guard;
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

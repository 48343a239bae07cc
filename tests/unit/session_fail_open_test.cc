// Whatever goes wrong, hangs or crashes in a session: the message passes unchanged.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
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
  rewriter_.rewrite = [](std::string_view, const Envelope&, const std::stop_token&) -> Rewrite {
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
  rewriter_.rewrite = [](std::string_view, const Envelope&, const std::stop_token&) -> Rewrite {
    throw 7;
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "exception");
}

TEST_F(FailOpenTest, LackOfMemoryPassesTheMessageUnchanged) {
  rewriter_.rewrite = [](std::string_view, const Envelope&, const std::stop_token&) -> Rewrite {
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
  rewriter_.rewrite = [](std::string_view message, const Envelope&, const std::stop_token&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return make_plain(message);
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "time-budget");
  EXPECT_EQ(records_[0].detail, "done");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
}

// It would go on for a minute.
TEST_F(FailOpenTest, WorkIsToldToStopWhenItsTimeIsOver) {
  rewriter_.time_budget = std::chrono::milliseconds(5);
  rewriter_.rewrite = [](std::string_view, const Envelope&, const std::stop_token& stop) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    Rewrite rewrite;
    rewrite.reason = stop.stop_requested() ? LeaveReason::kStopped : LeaveReason::kNone;
    rewrite.detail = id_of(WorkStage::kJudging);
    return rewrite;
  };
  send("ugly");
  EXPECT_THAT(mta_.calls, IsEmpty());
  EXPECT_EQ(only_reason(), "time-budget");
  EXPECT_EQ(records_[0].result, Result::kFailedOpen);
  EXPECT_EQ(records_[0].detail, "judging");
  EXPECT_LT(records_[0].time, std::chrono::seconds(30));
}

TEST_F(FailOpenTest, WhatTookTooLongOncePassesAtOnce) {
  const char name[] = "/tmp/plainbounce-slow-test";
  unlink(name);
  CrashGuard crash_guard(name);
  workplace_.crash_guard = &crash_guard;
  rewriter_.time_budget = std::chrono::milliseconds(5);
  int computed = 0;
  rewriter_.rewrite = [&computed](std::string_view message, const Envelope&,
                                  const std::stop_token&) {
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

TEST_F(FailOpenTest, EditOutsideTheBodyIsNotMade) {
  for (const auto& [offset, length] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 4}, {10, 4}, {100000, 0}, {80, 100000}, {std::string::npos, 4}, {80, SIZE_MAX}}) {
    rewriter_.rewrite = [offset = offset, length = length](std::string_view, const Envelope&,
                                                           const std::stop_token&) {
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
    rewriter_.rewrite = [](std::string_view, const Envelope&, const std::stop_token&) -> Rewrite {
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

// What is told to stop ends soon, wherever it is.
#include "lib/base/stop.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "lib/diagnosis/diagnose.h"
#include "lib/notice/write.h"
#include "lib/report/read.h"
#include "lib/rewrite.h"
#include "lib/splice/insert.h"
#include "lib/splice/splice.h"

namespace plainbounce {
namespace {

using Seconds = std::chrono::duration<double>;

const Resources& resources() {
  static const Resources kResources{Knowledge::load(), Catalogue::load()};
  return kResources;
}

const StockPhrases& phrases() { return resources().knowledge.stock_phrases(); }

std::stop_token stopped() {
  std::stop_source source;
  source.request_stop();
  return source.get_token();
}

std::string report_with(const std::string& text, const std::string& blocks) {
  return "From: MAILER-DAEMON@mx.example.org\nTo: anna@example.org\nSubject: Undelivered\n"
         "Auto-Submitted: auto-replied\nContent-Type: multipart/report; "
         "report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n" +
         text + "\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n" +
         blocks + "\n--b--\n";
}

std::string block(int number) {
  return fmt::format(
      "\nFinal-Recipient: rfc822; bob{0}@d{0}.example.net\nAction: failed\nStatus: 5.{1}.0\n"
      "Diagnostic-Code: smtp; 55{2} 5.{1}.0 <bob{0}@d{0}.example.net> the wibble of {0} says {0}\n",
      number, number % 8, number % 5);
}

std::string many_recipients(int count) {
  std::string text;
  std::string blocks;
  for (int i = 0; i < count; ++i) {
    text += fmt::format("<bob{0}@d{0}.example.net>: wibble {0}\n\n", i);
    blocks += block(i);
  }
  return report_with(text, blocks);
}

// As many as are read, and of each as much as is read.
std::string long_diagnostics(int count, int words) {
  std::string blocks;
  std::string wibbles;
  for (int i = 0; i < words; ++i) wibbles += fmt::format(" wibble{}\n", i % 7);
  for (int i = 0; i < count; ++i) blocks += block(i) + wibbles;
  return report_with("<bob0@d0.example.net>: no\n", blocks);
}

// A bounce in a form of its own that names many people between many lines.
std::string many_lines(int recipients, int lines) {
  std::string message =
      "From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\nX-Failed-Recipients: x@y.z";
  for (int i = 0; i < recipients; ++i) message += fmt::format(",\n bob{}@example.net", i);
  message += "\n\nThe mail system failed to deliver.\n";
  for (int i = 0; i < lines; ++i) message += fmt::format("x{}@y\n", i);
  return message;
}

const std::string& small_message() {
  static const std::string kMessage = report_with("<bob0@d0.example.net>: no\n", block(0));
  return kMessage;
}

TEST(StopTest, EveryStageEndsAtOnce) {
  const Report report = read_report(small_message(), phrases());
  const Diagnosis diagnosis = diagnose(report, resources().knowledge);
  const Notice notice =
      write_notice(report, diagnosis, resources().knowledge, resources().catalogue, {});
  EXPECT_THROW(read_report(small_message(), phrases(), stopped()), Stopped);
  EXPECT_THROW(diagnose(report, resources().knowledge, stopped()), Stopped);
  EXPECT_THROW(write_notice(report, diagnosis, resources().knowledge, resources().catalogue, {}, {},
                            stopped()),
               Stopped);
  EXPECT_THROW(
      write_preface(report, diagnosis, resources().knowledge, resources().catalogue, {}, stopped()),
      Stopped);
  EXPECT_THROW(
      plan_edit(small_message(), report, notice, SubjectMode::kRewrite, version(), stopped()),
      Stopped);
  EXPECT_THROW(plan_insertion(small_message(), report, notice, version(), stopped()), Stopped);
}

TEST(StopTest, WhatIsStoppedHasNoEdit) {
  const Policy policy = Policy::defaults();
  const Envelope envelope{.recipients = {"anna@example.org"}};
  EXPECT_TRUE(rewrite(small_message(), envelope, policy, {}, resources()).edit);
  const Rewrite result = rewrite(small_message(), envelope, policy, {}, resources(), stopped());
  EXPECT_EQ(id_of(result.reason), "stopped");
  EXPECT_EQ(result.detail, "reading");
  EXPECT_FALSE(result.edit);
}

// The processor time of a thread: others on the machine don't count. Nothing: it has ended.
std::optional<Seconds> time_of(clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) return std::nullopt;
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

struct StoppedWork {
  LeaveReason reason = LeaveReason::kNone;
  Seconds all{0};    // of work
  Seconds after{0};  // of it after the stop
};

// Stops the work once it has taken that long.
StoppedWork stop_after(const std::string& message, Seconds delay) {
  Policy policy = Policy::defaults();
  policy.max_recipients = 10000;
  policy.other_bounces = OtherBounces::kExplain;
  std::stop_source source;
  std::atomic<bool> done{false};
  StoppedWork work;
  std::thread worker([&] {
    work.reason = rewrite(message, {}, policy, {}, resources(), source.get_token()).reason;
    work.all = time_of(CLOCK_THREAD_CPUTIME_ID).value();
    done = true;
  });
  clockid_t clock{};
  EXPECT_EQ(pthread_getcpuclockid(worker.native_handle(), &clock), 0);
  while (!done && time_of(clock).value_or(delay) < delay) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  source.request_stop();
  // Read after the request: between the two this thread may have to wait for the processor.
  const std::optional<Seconds> stop = time_of(clock);
  worker.join();
  if (stop) work.after = work.all - *stop;
  return work;
}

// Measured against the longest of the works in the same run, so that it holds on any machine.
TEST(StopTest, LittleIsDoneAfterTheStopWhereverItComes) {
  const std::vector<std::string> messages = {many_recipients(3000), long_diagnostics(3000, 400),
                                             many_lines(1000, 100000), many_lines(1, 400000)};
  std::vector<Seconds> wholes;
  for (const std::string& message : messages) {
    wholes.push_back(stop_after(message, Seconds(1e9)).all);
  }
  const Seconds little = *std::max_element(wholes.begin(), wholes.end()) / 10;
  int stopped_early = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    for (const double part : {0.1, 0.3, 0.5}) {
      const StoppedWork work = stop_after(messages[i], part * wholes[i]);
      if (work.reason != LeaveReason::kStopped) continue;
      ++stopped_early;
      EXPECT_LT(work.after.count(), little.count()) << part << " of message " << i;
    }
  }
  EXPECT_GT(stopped_early, 0);
}

}  // namespace
}  // namespace plainbounce

// Messages are worked on by processes that may die, hang, or be taken over.
#include "milter/worker_pool.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <vector>

#include "lib/base/data_error.h"
#include "milter/fork_server.h"
#include "milter/frames.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PLAINBOUNCE_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PLAINBOUNCE_SANITIZED 1
#endif

// GLib's; its header would ask for other precompiled headers.
extern "C" void* g_malloc(std::size_t bytes);

namespace plainbounce {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

#ifdef PLAINBOUNCE_SANITIZED
constexpr bool kSanitized = true;  // which takes memory and system calls of its own
#else
constexpr bool kSanitized = false;
#endif

WorkResult said(const std::string& text) {
  Rewrite rewrite;
  rewrite.reason = LeaveReason::kSigned;
  rewrite.detail = text;
  return rewrite;
}

// Uses up stack, so much for each call.
int dig(int depth) {
  volatile char hole[64 * 1024];
  hole[0] = static_cast<char>(depth);
  return depth == 0 ? hole[0] : dig(depth - 1) + hole[0];
}

// Does what the message says.
WorkResult obey(std::string_view message, const Envelope& envelope, const std::stop_token& stop) {
  if (message == "pid") return said(std::to_string(getpid()));
  if (message == "sender") return said(envelope.sender);
  if (message == "crash") raise(SIGSEGV);
  if (message == "abort") std::abort();
  if (message == "exit") std::_Exit(3);
  if (message == "throw") throw std::runtime_error("bad luck");
  if (message == "dig 40 MB") return said(std::to_string(dig(640)));
  if (message == "take 1 GB") return said(std::string(std::size_t{1} << 30, 'x').substr(0, 1));
  // Most that GMime holds is GLib's, which ends the process where it gets none.
  if (message == "take 1 GB of GLib's") return said(std::to_string(g_malloc(1U << 30) != nullptr));
  if (message == "sleep") std::this_thread::sleep_for(seconds(1000));
  if (message == "hang") {
    volatile bool for_ever = true;
    while (for_ever) {
    }
  }
  if (message == "stop") {
    while (!stop.stop_requested()) {
    }
    return said("stopped");
  }
  if (message == "descriptors") {
    std::string open;
    for (int i = 0; i < 1000; ++i) open += fcntl(i, F_GETFD) < 0 ? "" : std::to_string(i);
    return said(open);
  }
  if (message == "open") {
    return said(open("/etc/passwd", O_RDONLY) < 0 ? std::strerror(errno) : "opened");
  }
  if (message == "socket") {
    socket(AF_INET, SOCK_STREAM, 0);
    return said("done");
  }
  if (message == "fork") {
    if (fork() == 0) std::_Exit(0);
    return said("done");
  }
  if (message == "kill") {
    kill(getppid(), 0);
    return said("done");
  }
  if (message == "run code") {
    mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return said("done");
  }
  if (message == "prlimit") {
    rlimit old{};
    getrlimit(RLIMIT_AS, &old);
    return said("done");
  }
  if (message == "nonsense") {
    [[maybe_unused]] const auto sent = write(0, "\x08\0\0\0\0\0\0\0nonsense", 16);
    for (;;) pause();
  }
  if (message == "huge") {
    [[maybe_unused]] const auto sent = write(0, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    for (;;) pause();
  }
  return said(std::to_string(message.size()));
}

class WorkerPoolTest : public ::testing::Test {
 protected:
  // Before any thread: the pool has one.
  void start(
      int workers, const std::function<void(Crew&)>& change = [](Crew&) {}) {
    load([workers, change] {
      Crew crew{obey, workers, {}, false};
      crew.limits.memory = 0;
      change(crew);
      return crew;
    });
    ASSERT_TRUE(pool_->wait_until_loaded().loaded);
  }
  void load(const LoadCrew& crew) {
    fork_server_ = start_fork_server(crew);
    pool_.emplace(fork_server_.control);
  }
  void TearDown() override {
    pool_.reset();
    if (fork_server_.process > 0) waitpid(fork_server_.process, nullptr, 0);
  }

  WorkResult work(std::string_view message, milliseconds time = seconds(60)) {
    return pool_->work(message, Envelope{"s@example.org", {"r@example.org"}, ""},
                       Clock::now() + time);
  }
  std::string detail(std::string_view message) { return work(message).detail; }

  std::optional<WorkerPool> pool_;
  ForkServer fork_server_;
};

TEST_F(WorkerPoolTest, WorkIsDoneInAnotherProcess) {
  start(1);
  EXPECT_NE(detail("pid"), std::to_string(getpid()));
  EXPECT_NE(detail("pid"), std::to_string(fork_server_.process));
  EXPECT_EQ(detail("sender"), "s@example.org");
  EXPECT_EQ(work("pid").reason, LeaveReason::kSigned);
}

TEST_F(WorkerPoolTest, LargeMessagesGoThrough) {
  start(1);
  EXPECT_EQ(detail(std::string(30 << 20, 'x')), std::to_string(30 << 20));
}

TEST_F(WorkerPoolTest, ADeadWorkerIsReplacedAndSaidHowItDied) {
  start(1);
  for (const auto& [message, how] : std::vector<std::pair<std::string, std::string>>{
           {"exit", "exit status 3"}, {"abort", "SIGABRT"}, {"crash", "SIGSEGV"}}) {
    if (kSanitized && message != "exit") continue;  // it has its own way to die
    const WorkResult result = work(message);
    EXPECT_EQ(result.failure, FailOpenReason::kWorkerDied) << message;
    EXPECT_EQ(result.detail, how);
    EXPECT_EQ(detail("sender"), "s@example.org");
  }
}

TEST_F(WorkerPoolTest, ExceptionsAreTold) {
  start(1);
  const WorkResult result = work("throw");
  EXPECT_EQ(result.failure, FailOpenReason::kException);
  EXPECT_EQ(result.detail, "bad luck");
}

TEST_F(WorkerPoolTest, WorkIsToldToStopAndTheWorkerLives) {
  start(1);
  const std::string before = detail("pid");
  EXPECT_EQ(work("stop", milliseconds(20)).detail, "stopped");
  EXPECT_EQ(detail("pid"), before);
}

TEST_F(WorkerPoolTest, AWorkerThatDoesNotStopIsKilledInTime) {
  start(1);
  for (const char* message : {"hang", "sleep"}) {
    const std::string before = detail("pid");
    const auto start = Clock::now();
    const WorkResult result = work(message, milliseconds(20));
    EXPECT_LT(Clock::now() - start, seconds(5));
    EXPECT_EQ(result.failure, FailOpenReason::kTimeBudget);
    EXPECT_EQ(result.detail, "killed");
    EXPECT_NE(detail("pid"), before);
    EXPECT_EQ(kill(std::stoi(before), 0), -1);
  }
}

TEST_F(WorkerPoolTest, WhatIsNoAnswerIsNotBelieved) {
  start(1);
  for (const char* message : {"nonsense", "huge"}) {
    const WorkResult result = work(message);
    EXPECT_EQ(result.failure, FailOpenReason::kWorkerDied);
    EXPECT_EQ(result.detail, "nonsense");
    EXPECT_EQ(detail("sender"), "s@example.org");
  }
}

TEST_F(WorkerPoolTest, NobodyWaitsLongerForAWorkerThanTheTimeAllows) {
  start(1);
  std::thread hanging([this] { work("sleep", seconds(2)); });
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_EQ(work("sender", milliseconds(50)).failure, FailOpenReason::kNoWorker);
  EXPECT_EQ(detail("sender"), "s@example.org");
  hanging.join();
}

TEST_F(WorkerPoolTest, AWorkerIsReplacedAfterSoManyMessages) {
  start(1, [](Crew& crew) { crew.limits.messages = 3; });
  std::vector<std::string> pids;
  for (int i = 0; i < 6; ++i) pids.push_back(detail("pid"));
  EXPECT_EQ(pids[0], pids[2]);
  EXPECT_NE(pids[2], pids[3]);
  EXPECT_EQ(pids[3], pids[5]);
}

TEST_F(WorkerPoolTest, AReloadReplacesTheWorkersAndAMistakeDoesNot) {
  int loaded = 0;
  load([&loaded]() -> Crew {
    if (++loaded == 3) throw DataError("rules.toml:3: no");
    Crew crew{[generation = loaded](std::string_view, const Envelope&, const std::stop_token&) {
                return said("generation " + std::to_string(generation));
              },
              2,
              {},
              false};
    crew.limits.memory = 0;
    return crew;
  });
  ASSERT_TRUE(pool_->wait_until_loaded().loaded);
  EXPECT_EQ(detail(""), "generation 1");
  EXPECT_TRUE(pool_->reload().loaded);
  EXPECT_EQ(detail(""), "generation 2");
  const WorkerPool::Loading loading = pool_->reload();
  EXPECT_FALSE(loading.loaded);
  EXPECT_TRUE(loading.mistake);
  EXPECT_EQ(loading.text, "rules.toml:3: no");
  EXPECT_EQ(detail(""), "generation 2");
}

TEST_F(WorkerPoolTest, AMistakeAtTheStartEndsTheForkServer) {
  load([]() -> Crew { throw DataError("no"); });
  EXPECT_TRUE(pool_->wait_until_loaded().mistake);
  int status = -1;
  EXPECT_EQ(waitpid(fork_server_.process, &status, 0), fork_server_.process);
  EXPECT_EQ(status, 0);
  fork_server_.process = -1;
}

TEST_F(WorkerPoolTest, AForkServerThatEndsIsNoticedAndItsWorkersGo) {
  start(2);
  const int worker = std::stoi(detail("pid"));
  EXPECT_FALSE(pool_->gone());
  kill(fork_server_.process, SIGKILL);
  const auto end = Clock::now() + seconds(20);
  while ((!pool_->gone() || kill(worker, 0) == 0) && Clock::now() < end) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_TRUE(pool_->gone());
  EXPECT_EQ(kill(worker, 0), -1);
  EXPECT_TRUE(work("sender", milliseconds(50)).failure.has_value());
  EXPECT_FALSE(pool_->reload().loaded);
}

TEST_F(WorkerPoolTest, TheForkServerGivesSignsOfLife) {
  start(1);
  const auto start = Clock::now();
  while (pool_->ping() < start && Clock::now() < start + seconds(20)) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_GT(pool_->ping(), start);
}

TEST_F(WorkerPoolTest, ManyThreadsShareAFewWorkers) {
  start(2, [](Crew& crew) { crew.limits.messages = 50; });
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 50; ++j) {
        const std::string message(static_cast<std::size_t>(i * 1000 + j + 20), 'x');
        right += detail(message) == std::to_string(message.size()) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 400);
}

TEST_F(WorkerPoolTest, AWorkerHasAStackOfItsOwnSize) {
  if (kSanitized) GTEST_SKIP();
  rlimit usual{};
  getrlimit(RLIMIT_STACK, &usual);
  ASSERT_LT(usual.rlim_cur, rlim_t{40} << 20) << "it would be enough here, too";
  start(1);
  EXPECT_FALSE(work("dig 40 MB").failure.has_value());
}

TEST_F(WorkerPoolTest, AWorkerHasALimitOfMemory) {
  if (kSanitized) GTEST_SKIP();
  start(1, [](Crew& crew) { crew.limits.memory = std::size_t{100} << 20; });
  EXPECT_EQ(work("take 1 GB").failure, FailOpenReason::kOutOfMemory);
  EXPECT_FALSE(work("sender").failure.has_value());
  EXPECT_EQ(detail(std::string(30 << 20, 'x')), std::to_string(30 << 20));
}

TEST_F(WorkerPoolTest, WhereGLibGetsNoMemoryOnlyTheWorkerEnds) {
  if (kSanitized) GTEST_SKIP();
  start(1, [](Crew& crew) { crew.limits.memory = std::size_t{100} << 20; });
  EXPECT_EQ(work("take 1 GB of GLib's").failure, FailOpenReason::kWorkerDied);
  EXPECT_FALSE(work("sender").failure.has_value());
}

TEST_F(WorkerPoolTest, AWorkerHasALimitOfProcessorTime) {
  start(1, [](Crew& crew) { crew.limits.processor_time = seconds(1); });
  EXPECT_EQ(detail("hang"), "SIGKILL");
}

TEST_F(WorkerPoolTest, AWorkerHasNoDescriptorButItsChannel) {
  start(2);
  EXPECT_EQ(detail("descriptors"), "0");
}

// What works without the filter, and is the end of a worker with it.
TEST_F(WorkerPoolTest, AWorkerMakesNoOtherSystemCalls) {
  if (kSanitized) GTEST_SKIP();
  const std::vector<std::string> forbidden = {"socket", "fork", "kill", "run code", "prlimit"};
  start(1);
  for (const std::string& call : forbidden) EXPECT_EQ(detail(call), "done") << call;
  TearDown();
  start(1, [](Crew& crew) { crew.filtered = true; });
  for (const std::string& call : forbidden) EXPECT_EQ(detail(call), "SIGSYS") << call;
  EXPECT_EQ(detail("open"), "No such file or directory");
  EXPECT_EQ(detail("abort"), "SIGABRT");
  EXPECT_EQ(detail("sender"), "s@example.org");
  EXPECT_EQ(work("hang", milliseconds(20)).detail, "killed");
  EXPECT_EQ(detail("sender"), "s@example.org");
  EXPECT_EQ(work("stop", milliseconds(20)).detail, "stopped");
  EXPECT_EQ(detail(std::string(30 << 20, 'x')), std::to_string(30 << 20));
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Confined as it is, a worker makes of every sample what this process makes of it.
TEST_F(WorkerPoolTest, ConfinementChangesNoNotice) {
  if (kSanitized) GTEST_SKIP();
  Config config;
  config.policy.other_bounces = OtherBounces::kExplain;
  load([&config] { return Crew{load_work(config), 2, {}, true}; });
  ASSERT_TRUE(pool_->wait_until_loaded().loaded);
  const Work here = load_work(config);
  const Envelope envelope{"", {"alice@example.org"}, ""};
  int edits = 0;
  for (const char* place :
       {PLAINBOUNCE_SOURCE_DIR "/tests/samples", PLAINBOUNCE_SHARED_DIR "/cases"}) {
    if (!std::filesystem::exists(place)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             place, std::filesystem::directory_options::follow_directory_symlink)) {
      if (entry.path().extension() != ".eml") continue;
      const std::string message = contents(entry.path());
      const WorkResult result = pool_->work(message, envelope, Clock::now() + seconds(60));
      EXPECT_TRUE(encode_answer(result, false) == encode_answer(here(message, envelope, {}), false))
          << entry.path() << ": " << result.detail;
      edits += result.edit ? 1 : 0;
    }
  }
  EXPECT_GT(edits, 80);
}

TEST_F(WorkerPoolTest, AConfinedWorkerHearsASubjectsLanguage) {
  if (kSanitized) GTEST_SKIP();
  load([] { return Crew{load_work(Config()), 1, {}, true}; });
  ASSERT_TRUE(pool_->wait_until_loaded().loaded);
  const Envelope envelope{"", {"alice@example.org"}, ""};
  const std::string report =
      contents(PLAINBOUNCE_SOURCE_DIR "/tests/samples/postfix-recipient-unknown/message.eml");
  for (const auto& [subject, language] :
       std::vector<std::pair<std::string, std::string>>{{"会议记录", "zh"},
                                                        {"会議のお知らせ", "ja"},
                                                        {"Звіт за місяць", "uk"},
                                                        {"محضر الاجتماع", "ar"},
                                                        {"Протокол собрания", "en"}}) {
    std::string message = report;
    const std::size_t line = message.rfind("\nSubject: ");
    message.replace(line, message.find('\n', line + 1) - line, "\nSubject: " + subject);
    const WorkResult result = pool_->work(message, envelope, Clock::now() + seconds(60));
    EXPECT_EQ(result.findings.language, language) << result.detail;
  }
}

}  // namespace
}  // namespace plainbounce

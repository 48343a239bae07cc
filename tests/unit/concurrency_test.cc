// Everything that the milter's threads share, used at the same time: mail, the workers, a reload,
// the metrics, the memory of messages in hand, the watchdog. Means most under the thread sanitizer
// (`cmake --preset tsan`; build and run concurrency_test and daemon_test), which sees races that no
// result shows.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "milter/fork_server.h"
#include "milter/log.h"
#include "milter/metrics.h"
#include "milter/session.h"
#include "milter/unmatched_log.h"
#include "milter/worker_pool.h"

namespace plainbounce {
namespace {

using ::testing::HasSubstr;

constexpr int kThreads = 4;

// Runs `work` on so many threads, each with its number, and waits for all.
void run_at_once(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> running;
  running.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) running.emplace_back(work, i);
  for (std::thread& each : running) each.join();
}

// Runs `work` over and over, until it goes.
class Meanwhile {
 public:
  explicit Meanwhile(std::function<void()> work)
      : thread_([this, work = std::move(work)] {
          do {
            work();
            ++times_;
          } while (!end_);
        }) {}
  ~Meanwhile() { stop(); }
  Meanwhile(const Meanwhile&) = delete;
  Meanwhile& operator=(const Meanwhile&) = delete;

  int stop() {
    end_ = true;
    if (thread_.joinable()) thread_.join();
    return times_;
  }

 private:
  std::atomic<bool> end_{false};
  std::atomic<int> times_{0};
  std::thread thread_;  // last: it uses the others
};

class CountingMta : public EditSink {
 public:
  bool replace_body(std::string_view chunk) override {
    body += chunk;
    return true;
  }
  bool replace_header(const std::string&, const std::string&) override { return true; }
  bool add_header(const std::string&, const std::string&) override { return true; }

  std::string body;
};

class ConcurrencyTest : public ::testing::Test {
 protected:
  ConcurrencyTest() : crash_guard_(new_file()) {
    workplace_.crash_guard = &crash_guard_;
    workplace_.report = [this](const MessageRecord& record) {
      const std::lock_guard lock(mutex_);
      ++results_[record.result];
    };
  }
  ~ConcurrencyTest() override { std::filesystem::remove(file_); }

  std::filesystem::path new_file() {
    std::string name = "/tmp/plainbounce-concurrency-XXXXXX";
    close(mkstemp(name.data()));
    return file_ = name;
  }

  // One connection, one report on `recipient`.
  std::string send(const std::string& recipient) {
    CountingMta mta;
    Session session(workplace_);
    session.connect("127.0.0.1");
    session.mail("<>", "Q1");
    session.recipient("<" + recipient + ">");
    session.header("From", "MAILER-DAEMON@mx.example.org");
    session.header("Subject", "Undelivered");
    session.header("Content-Type", "multipart/report; report-type=delivery-status; boundary=b");
    session.end_of_header("Q1");
    session.body(
        "--b\r\n\r\nIt failed.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; bob@example.net\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
        "\r\n--b--\r\n");
    session.end_of_message("Q1", mta);
    return mta.body;
  }

  std::filesystem::path file_;
  CrashGuard crash_guard_;
  UnmatchedLog told_;
  Workplace workplace_;
  std::mutex mutex_;
  std::map<Result, int> results_;
};

Config quiet_config(const std::string& language) {
  Config config;
  config.house.language = language;
  config.rules_directory.clear();
  config.messages_directory.clear();
  config.templates_directory.clear();
  return config;
}

// A port of this machine that was free a moment ago.
int free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  EXPECT_EQ(bind(descriptor, reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_EQ(getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length), 0);
  close(descriptor);
  return ntohs(address.sin_port);
}

// What the metrics say, over HTTP.
std::string scrape(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    constexpr std::string_view kRequest = "GET /metrics HTTP/1.0\r\n\r\n";
    EXPECT_EQ(write(descriptor, kRequest.data(), kRequest.size()),
              static_cast<ssize_t>(kRequest.size()));
    std::string piece(65536, '\0');
    for (ssize_t got = 0; (got = read(descriptor, piece.data(), piece.size())) > 0;) {
      answer.append(piece, 0, static_cast<std::size_t>(got));
    }
  }
  close(descriptor);
  return answer;
}

TEST_F(ConcurrencyTest, MailIsRewrittenWhileAllElseGoesOn) {
  constexpr int kMessages = 10;
  set_up_log(LogTarget::kStandardError, LogLevel::kInfo);
  const ForkServer fork_server = start_fork_server([language = "de"]() mutable {
    language = language == std::string_view("en") ? "de" : "en";
    Crew crew{load_work(quiet_config(language)), 2, {}, false};
    crew.limits.memory = 0;  // sanitizers take more than anybody needs
    return crew;
  });
  WorkerPool pool(fork_server.control);
  ASSERT_TRUE(pool.wait_until_loaded().loaded);
  const auto made = [&pool] {
    auto rewriter = std::make_shared<Rewriter>(rewriter_of(quiet_config("en")));
    rewriter->time_budget = std::chrono::minutes(5);
    rewriter->rewrite = [&pool](std::string_view message, const Envelope& envelope,
                                Clock::time_point deadline) {
      return pool.work(message, envelope, deadline);
    };
    return rewriter;
  };
  CurrentRewriter current(made());
  const int port = free_port();
  Metrics metrics("127.0.0.1:" + std::to_string(port));
  workplace_.current_rewriter = [&current] { return current.get(); };
  const auto note = workplace_.report;
  workplace_.report = [&](const MessageRecord& record) {
    note(record);
    log_record(record, told_);
    metrics.count(record);
  };

  std::atomic<int> whole{0};
  {
    Meanwhile reloading([&] {
      const bool loaded = pool.reload().loaded;
      current.replace(made());
      metrics.count_reload(loaded);
    });
    Meanwhile watching([&] {
      EXPECT_GT(pool.ping(), Clock::time_point());
      EXPECT_FALSE(pool.gone());
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
    Meanwhile dropping([&] { workplace_.sessions.drop_silent(Clock::now()); });
    Meanwhile scraping([&] {
      EXPECT_THAT(scrape(port), HasSubstr("plainbounce_build_info"));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    });
    run_at_once(kThreads, [&](int number) {
      for (int i = 0; i < kMessages; ++i) {
        const std::string body =
            send("anna" + std::string(1, static_cast<char>('a' + number)) + "@example.org");
        const bool in_one_language = (body.find("Your message") == std::string::npos) !=
                                     (body.find("Ihre Nachricht") == std::string::npos);
        if (in_one_language && body.find("It failed.") != std::string::npos) ++whole;
      }
    });
  }
  EXPECT_EQ(whole, kThreads * kMessages);
  EXPECT_EQ(results_[Result::kRewritten], kThreads * kMessages);
  EXPECT_THAT(scrape(port),
              HasSubstr("plainbounce_messages_total{reason=\"\",result=\"rewritten\"}" +
                        (" " + std::to_string(kThreads * kMessages))));
  EXPECT_EQ(workplace_.messages, 0);
  EXPECT_EQ(crash_guard_.suspects(), 0U);
}

// The same parts without the work of a notice, so that they meet far more often.
TEST_F(ConcurrencyTest, ManyShortMessagesKeepTheBooksRight) {
  constexpr int kMessages = 500;
  const auto made = [] {
    auto rewriter = std::make_shared<Rewriter>();
    rewriter->judge_envelope = [](const Envelope&) { return Decision(); };
    rewriter->rewrite = [](std::string_view, const Envelope& envelope, Clock::time_point) {
      if (envelope.recipients.front().starts_with("bad")) throw std::runtime_error("bad luck");
      Rewrite rewrite;
      rewrite.reason = LeaveReason::kSigned;
      return rewrite;
    };
    rewriter->max_message_size = 1 << 20;
    rewriter->max_memory = 1 << 30;
    rewriter->max_sessions = 100;
    rewriter->max_silence = std::chrono::minutes(5);
    rewriter->time_budget = std::chrono::minutes(5);
    return rewriter;
  };
  CurrentRewriter current(made());
  workplace_.current_rewriter = [&current] { return current.get(); };
  Meanwhile reloading([&] { current.replace(made()); });
  Meanwhile dropping([&] { workplace_.sessions.drop_silent(Clock::now()); });
  Meanwhile suspecting([&, number = std::uint64_t{1}]() mutable {
    crash_guard_.suspect(number++);
    EXPECT_LE(crash_guard_.suspects(), CrashGuard::kSuspects);
  });
  run_at_once(kThreads, [&](int number) {
    for (int i = 0; i < kMessages; ++i) send(number == 0 ? "bad@example.org" : "good@example.org");
  });
  EXPECT_GT(reloading.stop(), 0);
  EXPECT_GT(suspecting.stop(), 0);
  EXPECT_GT(dropping.stop(), 0);
  EXPECT_EQ(results_[Result::kFailedOpen], kMessages);
  EXPECT_EQ(results_[Result::kLeftAlone], (kThreads - 1) * kMessages);
  EXPECT_EQ(workplace_.messages, 0);
}

TEST(UnmatchedLogConcurrencyTest, AWordingIsNewToOneThreadOnly) {
  constexpr int kWordings = 500;
  UnmatchedLog log;
  std::atomic<int> told{0};
  run_at_once(kThreads, [&](int) {
    for (int i = 0; i < kWordings; ++i) told += log.is_new(std::to_string(i)) ? 1 : 0;
  });
  EXPECT_EQ(told, kWordings);
}

}  // namespace
}  // namespace plainbounce

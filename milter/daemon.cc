#include "milter/daemon.h"

#include <libmilter/mfapi.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "lib/base/data_error.h"
#include "milter/callbacks.h"
#include "milter/crash_guard.h"
#include "milter/fork_server.h"
#include "milter/log.h"
#include "milter/metrics.h"
#include "milter/rewriter.h"
#include "milter/session.h"
#include "milter/signals.h"
#include "milter/socket.h"
#include "milter/unmatched_log.h"
#include "milter/worker_pool.h"

namespace plainbounce {
namespace {

using std::chrono::milliseconds;

constexpr int kMistake = 2;                // exit status: to start again wouldn't mend it
constexpr milliseconds kDrainTime{10000};  // for the messages in hand at the end
constexpr milliseconds kReplyTime{100};    // for libmilter to send what a callback returned
constexpr milliseconds kTick{10};
constexpr milliseconds kMaxSilence{15000};  // of the fork server: loading takes it a second or two
constexpr std::size_t kMaxEnvelope = std::size_t{64} << 20;  // bytes, of a message's
constexpr int kMostWorkers = 64;                             // unless the conf file says how many
constexpr int kBacklog = 1024;  // an MTA that can't connect at once defers the bounce

// Libmilter's threads can't be joined: the process ends under them, and what they use is never
// destroyed.
[[noreturn]] void exit_now(int status) {
  spdlog::default_logger()->flush();
  std::_Exit(status);
}

std::unique_ptr<CrashGuard> open_crash_guard(const std::filesystem::path& file) {
  if (file.empty()) return std::make_unique<CrashGuard>();
  try {
    auto crash_guard = std::make_unique<CrashGuard>(file);
    if (const auto leftovers = crash_guard->leftovers(); leftovers > 0) {
      spdlog::warn("{} messages were in hand when plainbounce died: they pass unchanged",
                   leftovers);
    }
    return crash_guard;
  } catch (const std::system_error& error) {
    spdlog::warn("{}: a message that makes plainbounce crash may do so again", error.what());
    return std::make_unique<CrashGuard>();
  }
}

std::string what_failed(const WorkerPool::Loading& loading) {
  return loading.text.empty() ? "the process that loads what is known ended" : loading.text;
}

// Two at least: while one is slow, others needn't wait.
int default_workers() {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, kMostWorkers);
}

// What the fork server loads, and what its workers may use.
Crew load_crew(const Config& config) {
  Crew crew;
  crew.work = load_work(config);
  crew.workers = config.workers > 0 ? config.workers : default_workers();
  crew.limits.memory = config.worker_memory;
  crew.limits.request = config.max_message_size + kMaxEnvelope;
  return crew;
}

// The first time it is what the daemon was started with that is loaded.
LoadCrew crew_loader(const Config& config, const std::function<Config()>& reread) {
  return [&, first = true]() mutable {
    const Config& loaded = std::exchange(first, false) ? config : Config(reread());
    return load_crew(loaded);
  };
}

// Waits for the fork server's first workers. Throws DataError for a mistake of the administrator's.
void wait_until_loaded(WorkerPool& pool) {
  const WorkerPool::Loading loading = pool.wait_until_loaded();
  if (loading.loaded) return;
  if (loading.mistake) throw DataError(loading.text);
  throw std::runtime_error(what_failed(loading));
}

std::shared_ptr<const Rewriter> make_rewriter(const Config& config, WorkerPool& pool) {
  auto rewriter = std::make_shared<Rewriter>(rewriter_of(config));
  rewriter->rewrite = [&pool](std::string_view message, const Envelope& envelope,
                              Clock::time_point deadline) {
    return pool.work(message, envelope, deadline);
  };
  return rewriter;
}

// Opens the listening socket. The result is empty for a TCP socket.
std::unique_ptr<SocketFile> listen_on(const Config& config) {
  prepare_to_listen(config.listen);
  std::string address = to_string(config.listen);
  const mode_t mask = umask(0777);  // nobody gets in before the permissions are right
  const bool open = smfi_setconn(address.data()) == MI_SUCCESS &&
                    smfi_setbacklog(kBacklog) == MI_SUCCESS && smfi_opensocket(false) == MI_SUCCESS;
  umask(mask);
  if (!open) throw SocketError(address + ": can't listen there; libmilter logs why");
  if (config.listen.family != ListenAddress::Family::kUnix) {
    send_without_delay(config.listen.port);
    return nullptr;
  }
  return std::make_unique<SocketFile>(config.listen.place, config.socket_mode, config.socket_group);
}

void wait_until(const std::function<bool()>& done, milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!done() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kTick);
}

// New mail finds no socket; what is in hand is done; then libmilter's threads are told to stop,
// which they do between two commands, wherever a message stands.
void drain(const Workplace& workplace, SocketFile* socket_file) {
  sd_notify(0, "STOPPING=1");
  spdlog::info("stopping, {} messages in hand", workplace.messages.load());
  if (socket_file != nullptr) socket_file->remove();
  wait_until([&workplace] { return workplace.messages == 0; }, kDrainTime);
  std::this_thread::sleep_for(kReplyTime);
  // It takes effect at once, but then waits for a lock that the listener holds up to 5 seconds.
  start_without_signals([] { smfi_stop(); }).detach();
  std::this_thread::sleep_for(kTick);
  wait_until([] { return running_callbacks() == 0; }, kDrainTime);
  std::this_thread::sleep_for(kReplyTime);
  workplace.crash_guard->suspect_marked();  // a message that hangs till now would hang again
  if (const int left = workplace.messages; left > 0) {
    spdlog::warn("stopped with {} messages in hand: the MTA has to offer them again", left);
  } else {
    spdlog::info("stopped");
  }
}

// What all of the daemon's life needs.
struct Service {
  Workplace& workplace;
  WorkerPool& pool;
  CurrentRewriter& rewriter;
  Metrics* metrics;                          // null: none
  std::unique_ptr<SocketFile>& socket_file;  // null: it listens by TCP
  int listener;                              // libmilter's, at socket_file
  const std::function<Config()>& reread;
};

std::int64_t monotonic_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000000 + now.tv_nsec / 1000;
}

void warn_of_fixed_keys(const Config& running, const Config& fresh) {
  if (fresh.listen == running.listen && fresh.socket_mode == running.socket_mode &&
      fresh.socket_group == running.socket_group && fresh.state_file == running.state_file &&
      fresh.metrics_listen == running.metrics_listen && fresh.log_target == running.log_target &&
      fresh.log_level == running.log_level) {
    return;
  }
  spdlog::warn(
      "the keys of [log], [metrics] and the sockets need a restart: they stay as they were");
}

// True: everything was read anew. False: nothing changes.
bool reload(const Service& service, const Config& running) {
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld",
             static_cast<long long>(monotonic_microseconds()));
  bool succeeded = false;
  try {
    const Config fresh = service.reread();
    const WorkerPool::Loading loading = service.pool.reload();
    if (!loading.loaded) throw std::runtime_error(what_failed(loading));
    service.rewriter.replace(make_rewriter(fresh, service.pool));
    warn_of_fixed_keys(running, fresh);
    spdlog::info("reloaded");
    succeeded = true;
  } catch (const std::exception& error) {
    spdlog::error("not reloaded, everything stays as it was: {}", error.what());
  }
  if (service.metrics != nullptr) service.metrics->count_reload(succeeded);
  sd_notify(0, "READY=1");
  return succeeded;
}

// systemd restarts a daemon that it doesn't hear from. A message can't make it hang: what hangs
// over one is a worker, and is killed.
void tell_watchdog(const Service& service) {
  if (sd_watchdog_enabled(0, nullptr) <= 0) return;
  if (Clock::now() - service.pool.ping() < kMaxSilence) sd_notify(0, "WATCHDOG=1");
}

// Whoever cleans up in the socket's directory would cut the MTA off. The log says so once.
void renew_socket(const Service& service, const Config& config, bool& complained) {
  if (service.socket_file == nullptr || service.socket_file->is_there()) return;
  const std::string& path = config.listen.place;
  try {
    prepare_to_listen(config.listen);
    listen_again(service.listener, path, kBacklog);
    service.socket_file =
        std::make_unique<SocketFile>(path, config.socket_mode, config.socket_group);
    spdlog::warn("{}: the socket was gone, and is made again", path);
    complained = false;
  } catch (const std::exception& error) {
    if (!std::exchange(complained, true)) spdlog::error("the socket is gone: {}", error.what());
  }
}

// Until a signal to stop comes or libmilter gives up. The exit status.
int serve(const Service& service, const Config& config) {
  static std::atomic<bool> ended{false};
  start_without_signals([] {
    smfi_main();
    ended = true;
  }).detach();
  spdlog::info("plainbounce {} listens on {}", version(), to_string(config.listen));
  sd_notify(0, "READY=1");
  bool complained = false;
  while (!ended && !service.pool.gone()) {
    const int signal = wait_for_signal(milliseconds(1000));
    if (signal == SIGHUP) reload(service, config);
    if (signal != 0 && signal != SIGHUP) break;
    renew_socket(service, config, complained);
    service.workplace.sessions.drop_silent(Clock::now());
    tell_watchdog(service);
  }
  const bool libmilter_ended = ended;
  const bool workers_ended = service.pool.gone();
  drain(service.workplace, service.socket_file.get());
  if (libmilter_ended) spdlog::error("libmilter gave up, and logs why");
  if (workers_ended) spdlog::error("the process that starts the workers ended");
  return libmilter_ended || workers_ended ? 1 : 0;
}

void start(const Config& config, const std::function<Config()>& reread) {
  // Before any thread, and before there is anything that it shouldn't have.
  const ForkServer fork_server = start_fork_server(crew_loader(config, reread));
  keep_no_freed_memory();
  catch_signals();
  WorkerPool pool(fork_server.control);
  wait_until_loaded(pool);
  CurrentRewriter rewriter(make_rewriter(config, pool));
  const auto metrics =
      config.metrics_listen.empty() ? nullptr : std::make_unique<Metrics>(config.metrics_listen);
  const auto crash_guard = open_crash_guard(config.state_file);
  Workplace workplace;
  workplace.current_rewriter = [&rewriter] { return rewriter.get(); };
  workplace.crash_guard = crash_guard.get();
  UnmatchedLog told;
  workplace.report = [&metrics, &told](const MessageRecord& record) {
    log_record(record, told);
    if (metrics != nullptr) metrics->count(record);
  };
  if (!register_callbacks(workplace)) throw SocketError("libmilter refuses to be set up");
  auto socket_file = listen_on(config);
  const int listener = socket_file == nullptr ? -1 : find_listener(config.listen.place);
  exit_now(
      serve({workplace, pool, rewriter, metrics.get(), socket_file, listener, reread}, config));
}

}  // namespace

void run_daemon(const Config& config, const std::function<Config()>& reread) {
  int status = 1;
  try {
    start(config, reread);
  } catch (const DataError& error) {
    spdlog::error("{}", error.what());
    status = kMistake;
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
  }
  exit_now(status);
}

}  // namespace plainbounce

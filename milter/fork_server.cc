#include "milter/fork_server.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

#include "lib/base/data_error.h"
#include "milter/control.h"
#include "milter/signals.h"

namespace plainbounce {
namespace {

using Kind = ControlMessage::Kind;
using std::chrono::milliseconds;

constexpr milliseconds kYoung{1000};  // a worker that dies younger might do so at once, for ever:
constexpr milliseconds kPause{200};   // the next one has to wait

struct Child {
  std::uint64_t id;
  std::uint64_t generation;
  Clock::time_point born;
};

class Server {
 public:
  Server(int control, const LoadCrew& load) : control_(control), load_(load) {}

  [[noreturn]] void run() {
    const bool loaded = load();
    while (loaded) {
      fill();
      if (wait() && !obey()) break;
      reap();
    }
    std::_Exit(0);  // and with it the workers
  }

 private:
  bool load();
  void fill();
  bool start_worker();
  bool wait();
  bool obey();
  void reap();
  void kill_worker(std::uint64_t id) const;
  std::ptrdiff_t living() const;

  int control_;
  const LoadCrew& load_;
  pid_t self_ = getpid();
  Crew crew_;
  std::optional<SystemCallFilter> filter_;  // once it is known whether it is allowed
  bool filter_allowed_ = false;
  std::map<pid_t, Child> children_;
  std::uint64_t generation_ = 0;
  std::uint64_t next_id_ = 1;
  Clock::time_point next_start_;  // no worker before it
};

void warn_where_not_filtered(const std::string& complaint) {
  if (complaint.empty()) return;
  spdlog::warn("workers run without a filter of system calls, which this machine refuses: {}",
               complaint);
}

// True: it is loaded, and the workers to come are of it.
bool Server::load() {
  try {
    crew_ = load_();
    if (crew_.filtered && !filter_) {
      const std::string complaint = filter_.emplace().complaint();
      filter_allowed_ = complaint.empty();
      warn_where_not_filtered(complaint);
    }
    ++generation_;
    next_start_ = {};
    fill();
    send_control(control_, {Kind::kLoaded});
    return true;
  } catch (const std::bad_alloc& error) {
    send_control(control_, {Kind::kFailed, 0, 0, error.what()});
  } catch (
      const std::exception& error) {  // a mistake in the administrator's files, of whatever type
    send_control(control_, {Kind::kMistake, 0, 0, error.what()});
  }
  return false;
}

std::ptrdiff_t Server::living() const {
  return std::count_if(children_.begin(), children_.end(), [this](const auto& child) {
    return child.second.generation == generation_;
  });
}

void Server::fill() {
  for (std::ptrdiff_t missing = crew_.workers - living(); missing > 0; --missing) {
    if (Clock::now() < next_start_ || !start_worker()) return;
  }
}

bool Server::start_worker() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    next_start_ = Clock::now() + kPause;
    return false;
  }
  const pid_t child = fork();
  if (child == 0) {
    const bool filtered = crew_.filtered && filter_allowed_;
    run_worker(ends[1], self_, crew_.work, crew_.limits, filtered ? &*filter_ : nullptr);
  }
  close(ends[1]);
  if (child > 0) {
    const Child& born = children_[child] = {next_id_++, generation_, Clock::now()};
    send_control(control_, {Kind::kWorker, born.id, born.generation, {}, ends[0]});
  } else {
    next_start_ = Clock::now() + kPause;
  }
  close(ends[0]);
  return child > 0;
}

// True: the daemon has said something. False: a worker ended, or it is time for a new one.
bool Server::wait() {
  timespec pause{0, std::chrono::nanoseconds(kPause).count()};
  sigset_t none;
  sigemptyset(&none);
  pollfd ready{control_, POLLIN, 0};
  return ppoll(&ready, 1, living() < crew_.workers ? &pause : nullptr, &none) > 0;
}

// False: the daemon is gone.
bool Server::obey() {
  const auto order = receive_control(control_);
  if (!order) return false;
  switch (order->kind) {
    case Kind::kReload:
      load();
      return true;
    case Kind::kKill:
      kill_worker(order->id);
      return true;
    case Kind::kPing:
      return send_control(control_, {Kind::kPong});
    default:
      return true;
  }
}

// Only those that weren't reaped yet: their numbers are nobody else's.
void Server::kill_worker(std::uint64_t id) const {
  for (const auto& [process, child] : children_) {
    if (child.id == id) kill(process, SIGKILL);
  }
}

void Server::reap() {
  int status = 0;
  for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
    const auto child = children_.find(ended);
    if (child == children_.end()) continue;
    send_control(control_, {Kind::kEnded, child->second.id, static_cast<std::uint64_t>(status)});
    const auto now = Clock::now();
    if (status != 0 && now - child->second.born < kYoung) next_start_ = now + kPause;
    children_.erase(child);
  }
}

void ignore(int) {}

// SIGCHLD comes only while it waits. What is sent to all processes of the daemon isn't meant for
// it.
void set_fork_server_signals() {
  ignore_daemons_signals();
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = ignore;
  sigaction(SIGCHLD, &action, nullptr);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, nullptr);
}

}  // namespace

ForkServer start_fork_server(const LoadCrew& load) {
  const ControlPair control;
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) std::_Exit(0);
    close(control.daemon);
    set_fork_server_signals();
    Server(control.fork_server, load).run();
  }
  close(control.fork_server);
  return {child, control.daemon};
}

}  // namespace plainbounce

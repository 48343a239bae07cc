#include "milter/worker.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <new>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "milter/frames.h"
#include "milter/signals.h"

namespace plainbounce {
namespace {

constexpr int kChannel = 0;                          // the worker's one descriptor
constexpr std::size_t kKept = std::size_t{1} << 20;  // bytes of a buffer for the next message

// The channel; memory that nothing can be run in (mmap, below); locks; the clock, and the timer
// that says when a message's time is over; the end, by abort(3) too.
constexpr int kAllowed[] = {
    SCMP_SYS(read),         SCMP_SYS(write),           SCMP_SYS(brk),
    SCMP_SYS(munmap),       SCMP_SYS(mremap),          SCMP_SYS(madvise),
    SCMP_SYS(futex),        SCMP_SYS(clock_gettime),   SCMP_SYS(setitimer),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(getpid),       SCMP_SYS(gettid),          SCMP_SYS(exit_group)};

// Libraries look for files that needn't be there (character sets, time zones) and at how signals
// are handled: for them there is nothing. All other calls end the process.
constexpr int kDenied[] = {SCMP_SYS(open),     SCMP_SYS(openat),     SCMP_SYS(stat),
                           SCMP_SYS(statx),    SCMP_SYS(newfstatat), SCMP_SYS(access),
                           SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(rt_sigaction)};

std::stop_source* g_stop = nullptr;

// request_stop() takes no lock and no memory: nothing waits for these tokens.
void on_alarm(int) {
  if (g_stop != nullptr) g_stop->request_stop();
}

void set_alarm(std::chrono::microseconds time) {
  itimerval timer{};
  timer.it_value.tv_sec = time.count() / 1000000;
  timer.it_value.tv_usec = time.count() % 1000000;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void limit(__rlimit_resource resource, rlim_t value) {
  rlimit current{};
  getrlimit(resource, &current);
  const rlim_t most = std::min(value, current.rlim_max);
  const rlimit wanted{most, most};
  setrlimit(resource, &wanted);
}

std::size_t address_space() {
  unsigned long pages = 0;
  if (std::FILE* const file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void set_limits(const WorkerLimits& limits) {
  if (const std::size_t now = address_space(); limits.memory > 0 && now > 0) {
    limit(RLIMIT_AS, now + limits.memory + limits.stack);
  }
  limit(RLIMIT_STACK, limits.stack);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.processor_time.count()) * 2);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NPROC, 0);
  limit(RLIMIT_NOFILE, kChannel + 1);
}

void keep_only_channel(int channel) {
  if (channel != kChannel && dup2(channel, kChannel) != kChannel) std::_Exit(1);
  if (close_range(kChannel + 1, ~0U, 0) != 0) std::_Exit(1);
}

// The signals that stop or reload the daemon may be sent to all its processes; a worker goes when
// its channel is closed.
void set_worker_signals() {
  ignore_daemons_signals();
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_DFL;  // the fork server's isn't a worker's
  sigaction(SIGCHLD, &action, nullptr);
  action.sa_handler = on_alarm;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, nullptr);
  sigprocmask(SIG_SETMASK, &action.sa_mask, nullptr);
}

bool read_all(char* to, std::size_t length) {
  while (length > 0) {
    const ssize_t got = read(kChannel, to, length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    length -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(kChannel, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// False: the channel is closed, or what comes isn't a request.
bool read_payload(std::string& payload, std::size_t limit) {
  char head[kFrameHead];
  if (!read_all(head, sizeof(head))) return false;
  const std::uint64_t length = payload_length({head, sizeof(head)});
  if (length > limit) return false;
  payload.resize(length);
  return read_all(payload.data(), length);
}

WorkResult do_work(const Work& work, const Request& request, const std::stop_token& stop) {
  try {
    return work(request.message, request.envelope, stop);
  } catch (const std::bad_alloc&) {
    return WorkResult::failed(FailOpenReason::kOutOfMemory);
  } catch (const std::exception& error) {
    return WorkResult::failed(FailOpenReason::kException, error.what());
  } catch (...) {
    return WorkResult::failed(FailOpenReason::kException);
  }
}

WorkResult do_in_time(const Work& work, const Request& request) {
  std::stop_source stop;
  g_stop = &stop;
  set_alarm(std::max(request.time, std::chrono::microseconds(1)));
  WorkResult result = do_work(work, request, stop.get_token());
  set_alarm(std::chrono::microseconds(0));
  g_stop = nullptr;
  return result;
}

std::chrono::seconds used_processor_time() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec);
}

}  // namespace

SystemCallFilter::SystemCallFilter() : context_(seccomp_init(SCMP_ACT_KILL_PROCESS)) {
  if (context_ == nullptr) return;
  const scmp_arg_cmp not_to_run{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  bool made = seccomp_rule_add_array(context_, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &not_to_run) == 0;
  for (const int call : kAllowed) {
    made = made && seccomp_rule_add(context_, SCMP_ACT_ALLOW, call, 0) == 0;
  }
  for (const int call : kDenied) {
    made = made && seccomp_rule_add(context_, SCMP_ACT_ERRNO(ENOENT), call, 0) == 0;
  }
  if (made) return;
  seccomp_release(context_);
  context_ = nullptr;
}

SystemCallFilter::~SystemCallFilter() {
  if (context_ != nullptr) seccomp_release(context_);
}

int SystemCallFilter::install() const {
  if (context_ == nullptr) return ENOMEM;
  // Signals to itself only.
  const scmp_arg_cmp to_itself{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()), 0};
  const int result =
      seccomp_rule_add_array(context_, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &to_itself);
  return result != 0 ? -result : -seccomp_load(context_);
}

std::string SystemCallFilter::complaint() const {
  const pid_t child = fork();
  if (child == 0) _exit(std::min(install(), 255));
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return std::strerror(errno);
  if (WIFSIGNALED(status)) return strsignal(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : std::strerror(WEXITSTATUS(status));
}

void run_worker(int channel, int parent, const Work& work, const WorkerLimits& limits,
                const SystemCallFilter* filter) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) std::_Exit(0);
  set_worker_signals();
  set_limits(limits);
  keep_only_channel(channel);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (filter != nullptr && filter->install() != 0) std::_Exit(1);
  std::string payload;
  for (int messages = 1; read_payload(payload, limits.request); ++messages) {
    const std::optional<Request> request = decode_request(payload);
    if (!request) break;
    const WorkResult result = do_in_time(work, *request);
    // After a lack of memory it isn't sure what is left of a library's own state.
    const bool last = messages >= limits.messages || result.failure.has_value() ||
                      used_processor_time() >= limits.processor_time;
    if (!write_all(encode_answer(result, last)) || last) break;
    if (payload.capacity() > kKept) std::string().swap(payload);
  }
  std::_Exit(0);
}

}  // namespace plainbounce

#include "milter/signals.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

// Takes the place of the C library's in this program. libmilter starts a thread that waits with it
// for SIGTERM, SIGINT and SIGHUP, and on any of them drops the messages in flight; nothing tells it
// not to. That thread now waits for ever, and the signals are the main thread's.
extern "C" int sigwait(const sigset_t*, int*) {
  for (;;) pause();
}

namespace plainbounce {
namespace {

int g_pipe[2] = {-1, -1};

void on_signal(int number) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const auto written = write(g_pipe[1], &byte, 1);  // a full pipe wakes as well
  errno = saved;
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

void catch_signals() {
  if (pipe2(g_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe2");
  }
  handle(SIGPIPE, SIG_IGN);
  handle(SIGHUP, on_signal);
  handle(SIGTERM, on_signal);
  handle(SIGINT, on_signal);
}

void ignore_daemons_signals() {
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGPIPE}) handle(number, SIG_IGN);
}

int wait_for_signal(std::chrono::milliseconds time) {
  pollfd ready{g_pipe[0], POLLIN, 0};
  poll(&ready, 1, static_cast<int>(time.count()));
  unsigned char byte = 0;
  return read(g_pipe[0], &byte, 1) == 1 ? byte : 0;
}

std::thread start_without_signals(std::function<void()> work) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(work));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace plainbounce

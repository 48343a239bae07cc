// SIGTERM, SIGINT and SIGHUP -> something that a loop can wait for. A program that links this file
// has no use of sigwait(3).
#ifndef PLAINBOUNCE_MILTER_SIGNALS_H_
#define PLAINBOUNCE_MILTER_SIGNALS_H_

#include <chrono>
#include <functional>
#include <thread>

namespace plainbounce {

// Call it in the main thread, before any other starts. SIGPIPE is ignored from then on.
void catch_signals();

// For a process that the daemon forks: signals that are sent to all its processes are meant for the
// daemon. SIGPIPE is ignored, too.
void ignore_daemons_signals();

// Waits for one of them. Its number; 0: none came in that time. Main thread only.
int wait_for_signal(std::chrono::milliseconds time);

// Starts a thread that gets no signals, and whose own threads get none.
std::thread start_without_signals(std::function<void()> work);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_SIGNALS_H_

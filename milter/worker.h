// A worker: a process that reads what strangers wrote, one message after another, and can do
// nothing else. It has no descriptor but its channel, can make no system call but those that its
// memory and channel need, and has limits of memory, time and stack.
#ifndef PLAINBOUNCE_MILTER_WORKER_H_
#define PLAINBOUNCE_MILTER_WORKER_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "milter/rewriter.h"

namespace plainbounce {

struct WorkerLimits {
  std::size_t memory = std::size_t{512} << 20;  // bytes beside what is loaded; 0: no limit
  std::size_t stack = std::size_t{64} << 20;    // bytes
  std::size_t request = std::size_t{1} << 30;   // bytes of a frame
  std::chrono::seconds processor_time{60};      // of all its messages; then another takes its place
  int messages = 1000;                          // likewise
};

// Which system calls a worker may make. Made before workers are, used in each.
class SystemCallFilter {
 public:
  SystemCallFilter();
  ~SystemCallFilter();
  SystemCallFilter(const SystemCallFilter&) = delete;
  SystemCallFilter& operator=(const SystemCallFilter&) = delete;

  // Of this process, from now on and for ever. 0, or why the kernel or a container doesn't allow it
  // (errno).
  int install() const;
  // Would install() succeed? Empty: yes; else why not. Tries it in a process of its own.
  std::string complaint() const;

 private:
  void* context_;  // libseccomp's; null: it couldn't be made
};

// The process' life from here on: it gives up what it doesn't need, then answers the requests that
// come by `channel` until that is closed. Call it in a process that has one thread and was forked
// for it, and whose parent is `parent`: when that dies, so does it. `filter`: null for none.
[[noreturn]] void run_worker(int channel, int parent, const Work& work, const WorkerLimits& limits,
                             const SystemCallFilter* filter);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_WORKER_H_

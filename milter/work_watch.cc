#include "milter/work_watch.h"

#include <algorithm>

#include "milter/signals.h"

namespace plainbounce {

WorkWatch::WorkWatch() : thread_(start_without_signals([this] { run(); })) {}

WorkWatch::~WorkWatch() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

WorkWatch::Running::Running(WorkWatch& watch, std::chrono::milliseconds budget,
                            Clock::time_point start)
    : watch_(watch) {
  {
    const std::lock_guard lock(watch_.mutex_);
    work_ = watch_.works_.insert(watch_.works_.end(), {start, start + budget, {}});
  }
  watch_.changed_.notify_all();
}

WorkWatch::Running::~Running() {
  const std::lock_guard lock(watch_.mutex_);
  watch_.works_.erase(work_);
}

WorkWatch::Clock::duration WorkWatch::longest(Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  Clock::duration longest = Clock::duration::zero();
  for (const Work& work : works_) longest = std::max(longest, now - work.start);
  return longest;
}

WorkWatch::Clock::time_point WorkWatch::stop_late_ones(Clock::time_point now) {
  auto next = Clock::time_point::max();
  for (Work& work : works_) {
    if (work.source.stop_requested()) continue;
    if (work.deadline <= now) {
      work.source.request_stop();
    } else {
      next = std::min(next, work.deadline);
    }
  }
  return next;
}

void WorkWatch::run() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    const Clock::time_point next = stop_late_ones(Clock::now());
    if (next == Clock::time_point::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, next);
    }
  }
}

}  // namespace plainbounce

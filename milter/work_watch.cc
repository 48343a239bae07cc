#include "milter/work_watch.h"

namespace plainbounce {

WorkWatch::Running::Running(WorkWatch& times, Clock::time_point start) : times_(times) {
  const std::lock_guard lock(times_.mutex_);
  start_ = times_.starts_.insert(start);
}

WorkWatch::Running::~Running() {
  const std::lock_guard lock(times_.mutex_);
  times_.starts_.erase(start_);
}

WorkWatch::Clock::duration WorkWatch::longest(Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  return starts_.empty() ? Clock::duration::zero() : now - *starts_.begin();
}

}  // namespace plainbounce

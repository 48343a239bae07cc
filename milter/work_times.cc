#include "milter/work_times.h"

namespace plainbounce {

WorkTimes::Running::Running(WorkTimes& times, Clock::time_point start) : times_(times) {
  const std::lock_guard lock(times_.mutex_);
  start_ = times_.starts_.insert(start);
}

WorkTimes::Running::~Running() {
  const std::lock_guard lock(times_.mutex_);
  times_.starts_.erase(start_);
}

WorkTimes::Clock::duration WorkTimes::longest(Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  return starts_.empty() ? Clock::duration::zero() : now - *starts_.begin();
}

}  // namespace plainbounce

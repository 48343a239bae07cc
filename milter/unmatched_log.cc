#include "milter/unmatched_log.h"

#include <functional>

namespace plainbounce {

bool UnmatchedLog::is_new(const std::string& key) {
  const std::size_t hash = std::hash<std::string>()(key);
  const std::lock_guard lock(mutex_);
  if (!known_.insert(hash).second) return false;
  by_age_.push_back(hash);
  if (by_age_.size() > capacity_) {
    known_.erase(by_age_.front());
    by_age_.pop_front();
  }
  return true;
}

}  // namespace plainbounce

// Which wordings the log has told of already.
#ifndef PLAINBOUNCE_MILTER_UNMATCHED_LOG_H_
#define PLAINBOUNCE_MILTER_UNMATCHED_LOG_H_

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_set>

namespace plainbounce {

// Thread-safe. Remembers a fixed number of wordings, and forgets the oldest for a new one.
class UnmatchedLog {
 public:
  explicit UnmatchedLog(std::size_t capacity = 2000) : capacity_(capacity) {}

  // Is it the first time that this wording comes, as far as is remembered?
  bool is_new(const std::string& key);

 private:
  std::size_t capacity_;
  std::mutex mutex_;
  std::unordered_set<std::size_t> known_;  // hashes
  std::deque<std::size_t> by_age_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_UNMATCHED_LOG_H_

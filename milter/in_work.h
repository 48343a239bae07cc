// The same message, offered twice at the same time -> one after the other.
//
// An MTA that stopped waiting offers a message again; while the first is still worked on, a second
// worker would only do the same.
#ifndef PLAINBOUNCE_MILTER_IN_WORK_H_
#define PLAINBOUNCE_MILTER_IN_WORK_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace plainbounce {

// Thread-safe.
class InWork {
 public:
  // Holds its message's place till it goes.
  class Turn {
   public:
    Turn() = default;
    Turn(InWork& in_work, std::uint64_t message) : in_work_(&in_work), message_(message) {}
    Turn(Turn&& other) noexcept
        : in_work_(std::exchange(other.in_work_, nullptr)), message_(other.message_) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (in_work_ != nullptr) in_work_->leave(message_);
    }

    explicit operator bool() const { return in_work_ != nullptr; }

   private:
    InWork* in_work_ = nullptr;
    std::uint64_t message_ = 0;
  };

  // `message`: its fingerprint (crash_guard.h). False: the same one was in work till `deadline`.
  Turn take_turn(std::uint64_t message, std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    const auto free = [&] { return messages_.insert(message).second; };
    return left_.wait_until(lock, deadline, free) ? Turn(*this, message) : Turn();
  }

 private:
  void leave(std::uint64_t message) {
    {
      const std::lock_guard lock(mutex_);
      messages_.erase(message);
    }
    left_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable left_;
  std::unordered_set<std::uint64_t> messages_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_IN_WORK_H_

// Which messages are being worked on, and for how long: a message that hangs shows itself here.
#ifndef PLAINBOUNCE_MILTER_WORK_WATCH_H_
#define PLAINBOUNCE_MILTER_WORK_WATCH_H_

#include <chrono>
#include <mutex>
#include <set>

namespace plainbounce {

// Thread-safe.
class WorkWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // One message's work, from here to the end of its life. WorkWatch must outlive it.
  class Running {
   public:
    explicit Running(WorkWatch& times, Clock::time_point start = Clock::now());
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();

   private:
    WorkWatch& times_;
    std::multiset<Clock::time_point>::iterator start_;
  };

  // How long the oldest has been worked on; 0: there is none.
  Clock::duration longest(Clock::time_point now = Clock::now()) const;

 private:
  mutable std::mutex mutex_;
  std::multiset<Clock::time_point> starts_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_WORK_WATCH_H_

// Which messages are being worked on, and for how long: a message that hangs shows itself here, and
// one whose time is over is told to stop.
#ifndef PLAINBOUNCE_MILTER_WORK_WATCH_H_
#define PLAINBOUNCE_MILTER_WORK_WATCH_H_

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <stop_token>
#include <thread>

namespace plainbounce {

// Thread-safe. Its own thread sleeps until the next budget is over.
class WorkWatch {
 public:
  using Clock = std::chrono::steady_clock;

  WorkWatch();
  WorkWatch(const WorkWatch&) = delete;
  WorkWatch& operator=(const WorkWatch&) = delete;
  ~WorkWatch();

 private:
  struct Work {
    Clock::time_point start;
    Clock::time_point deadline;
    std::stop_source source;
  };

 public:
  // One message's work, from here to the end of its life. WorkWatch must outlive it.
  class Running {
   public:
    // `budget`: the work is told to stop so long after `start`.
    Running(WorkWatch& watch, std::chrono::milliseconds budget,
            Clock::time_point start = Clock::now());
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();

    std::stop_token stop() const { return work_->source.get_token(); }

   private:
    WorkWatch& watch_;
    std::list<Work>::iterator work_;
  };

  // How long the oldest has been worked on; 0: there is none.
  Clock::duration longest(Clock::time_point now = Clock::now()) const;

 private:
  void run();
  // Tells those to stop whose time is over. When the next one's will be.
  Clock::time_point stop_late_ones(Clock::time_point now);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Work> works_;  // some hundred at most: one for each thread of libmilter's
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_WORK_WATCH_H_

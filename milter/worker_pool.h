// A message -> what a worker makes of it, in time, whatever becomes of the worker.
#ifndef PLAINBOUNCE_MILTER_WORKER_POOL_H_
#define PLAINBOUNCE_MILTER_WORKER_POOL_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "milter/control.h"
#include "milter/rewriter.h"

namespace plainbounce {

// The daemon's side of the fork server and its workers. Thread-safe.
class WorkerPool {
 public:
  // What came of loading knowledge.
  struct Loading {
    bool loaded = false;
    bool mistake = false;  // of the administrator's
    std::string text;      // what is wrong; empty: the fork server ended
  };

  // `control` is ForkServer::control, and this one's from now on.
  explicit WorkerPool(int control);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  // The fork server and its workers end.
  ~WorkerPool();

  // Waits for a worker till `deadline`, hands the message over, and waits for the answer. The
  // worker is told to be done by then. One that isn't soon after (kGrace) is killed.
  WorkResult work(std::string_view message, const Envelope& envelope, Clock::time_point deadline);

  Loading wait_until_loaded();  // the first time
  Loading reload();             // called by one thread only

  bool gone() const;  // the fork server: no worker will come any more

  // Asks the fork server for a sign of life. When it gave the last one.
  Clock::time_point ping();

  static constexpr std::chrono::milliseconds kGrace{500};

 private:
  struct Worker;
  using WorkerHandle = std::shared_ptr<Worker>;

  void listen();
  void take_in(const ControlMessage& message);
  void add_worker(const ControlMessage& message);
  void note_end(const ControlMessage& message);
  void end_loading(Loading loading);
  WorkerHandle take(Clock::time_point deadline);
  void give_back(WorkerHandle worker);
  void discard(const WorkerHandle& worker);
  std::string death_of(const Worker& worker);

  int control_;
  mutable std::mutex mutex_;
  std::condition_variable worker_came_;
  std::condition_variable changed_;  // all else
  // Those that haven't ended; whoever holds one keeps its channel open.
  std::map<std::uint64_t, std::weak_ptr<Worker>> workers_;
  std::vector<WorkerHandle> idle_;  // the last one has worked last
  std::uint64_t generation_ = 0;    // older ones get no more work
  std::optional<Loading> loading_;  // its result, until it is fetched
  Clock::time_point last_pong_ = Clock::now();
  bool gone_ = false;
  std::thread thread_;  // listens to the fork server
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_WORKER_POOL_H_

#include "milter/worker_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "milter/frames.h"
#include "milter/signals.h"

namespace plainbounce {
namespace {

using Kind = ControlMessage::Kind;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds kReapTime{200};  // for the fork server to tell how a worker ended
constexpr std::size_t kPiece = 65536;   // bytes read at a time

// An answer holds the notice, what stood in its place, and a few words for each recipient: it isn't
// many times as large as the message.
std::size_t largest_answer(std::size_t message) { return message * 8 + (std::size_t{16} << 20); }

enum class Exchange { kDone, kClosed, kLate, kNonsense };

// False: the time is over.
bool wait_for(int descriptor, short events, Clock::time_point end) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now()).count();
    pollfd ready{descriptor, events, 0};
    const int found = poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (found > 0) return true;
    if (found == 0 && left <= 0) return false;
  }
}

// Of a call that doesn't wait: may it be made again, and when?
bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

Exchange send_request(int channel, std::string_view head, std::string_view message,
                      Clock::time_point end) {
  while (!head.empty() || !message.empty()) {
    iovec pieces[] = {{const_cast<char*>(head.data()), head.size()},
                      {const_cast<char*>(message.data()), message.size()}};
    msghdr packet{};
    packet.msg_iov = pieces;
    packet.msg_iovlen = 2;
    const ssize_t sent = sendmsg(channel, &packet, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && !would_block()) return Exchange::kClosed;
    if (sent < 0) {
      if (!wait_for(channel, POLLOUT, end)) return Exchange::kLate;
      continue;
    }
    const auto of_head = std::min(static_cast<std::size_t>(sent), head.size());
    head.remove_prefix(of_head);
    message.remove_prefix(static_cast<std::size_t>(sent) - of_head);
  }
  return Exchange::kDone;
}

// Waits for something and puts it behind `bytes`, which grow no faster than what comes.
Exchange read_more(int channel, std::string& bytes, Clock::time_point end) {
  for (;;) {
    if (!wait_for(channel, POLLIN, end)) return Exchange::kLate;
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    const ssize_t got = recv(channel, bytes.data() + before, kPiece, MSG_DONTWAIT);
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) return Exchange::kDone;
    if (got == 0 || (errno != EINTR && !would_block())) return Exchange::kClosed;
  }
}

Exchange receive_answer(int channel, std::size_t largest, Clock::time_point end,
                        std::optional<Answer>& answer) {
  std::string bytes;
  std::size_t expected = kFrameHead;
  while (bytes.size() < expected) {
    const Exchange result = read_more(channel, bytes, end);
    if (result != Exchange::kDone) return result;
    if (bytes.size() < kFrameHead) continue;
    const std::uint64_t length = payload_length(bytes);
    if (length > largest) return Exchange::kNonsense;
    expected = kFrameHead + length;
  }
  if (bytes.size() == expected) answer = decode_answer(std::string_view(bytes).substr(kFrameHead));
  return answer ? Exchange::kDone : Exchange::kNonsense;
}

Exchange exchange(int channel, std::string_view message, const Envelope& envelope,
                  Clock::time_point deadline, std::optional<Answer>& answer) {
  const auto time =
      std::max(std::chrono::duration_cast<microseconds>(deadline - Clock::now()), microseconds(0));
  const std::string head = encode_request(time, envelope, message);
  const auto end = deadline + WorkerPool::kGrace;
  const Exchange sent = send_request(channel, head, message, end);
  if (sent != Exchange::kDone) return sent;
  return receive_answer(channel, largest_answer(message.size()), end, answer);
}

std::string how_it_ended(int status) {
  if (!WIFSIGNALED(status)) return fmt::format("exit status {}", WEXITSTATUS(status));
  const char* const name = sigabbrev_np(WTERMSIG(status));
  return name == nullptr ? fmt::format("signal {}", WTERMSIG(status)) : fmt::format("SIG{}", name);
}

}  // namespace

struct WorkerPool::Worker {
  Worker(std::uint64_t its_id, std::uint64_t its_generation, int its_channel)
      : id(its_id), generation(its_generation), channel(its_channel) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { close(channel); }

  const std::uint64_t id;
  const std::uint64_t generation;
  const int channel;
  std::optional<int> status;  // once it has ended; guarded by the pool's mutex
};

WorkerPool::WorkerPool(int control)
    : control_(control), thread_(start_without_signals([this] { listen(); })) {}

WorkerPool::~WorkerPool() {
  shutdown(control_, SHUT_RDWR);
  thread_.join();
  close(control_);
}

void WorkerPool::listen() {
  while (const auto message = receive_control(control_)) take_in(*message);
  const std::lock_guard lock(mutex_);
  gone_ = true;
  changed_.notify_all();
  worker_came_.notify_all();
}

void WorkerPool::take_in(const ControlMessage& message) {
  switch (message.kind) {
    case Kind::kWorker:
      return add_worker(message);
    case Kind::kEnded:
      return note_end(message);
    case Kind::kLoaded:
      return end_loading({true, false, {}});
    case Kind::kMistake:
      return end_loading({false, true, message.text});
    case Kind::kFailed:
      return end_loading({false, false, message.text});
    case Kind::kPong: {
      const std::lock_guard lock(mutex_);
      last_pong_ = Clock::now();
      return;
    }
    default:
      return;
  }
}

void WorkerPool::add_worker(const ControlMessage& message) {
  auto worker = std::make_shared<Worker>(message.id, message.number, message.descriptor);
  const std::lock_guard lock(mutex_);
  if (worker->generation > generation_) {
    generation_ = worker->generation;
    idle_.clear();
  }
  workers_.emplace(worker->id, worker);
  // At the front: those that have worked share less of their memory by now.
  idle_.insert(idle_.begin(), std::move(worker));
  worker_came_.notify_one();
}

void WorkerPool::note_end(const ControlMessage& message) {
  const std::lock_guard lock(mutex_);
  const auto found = workers_.find(message.id);
  if (found == workers_.end()) return;
  if (const WorkerHandle worker = found->second.lock()) {
    worker->status = static_cast<int>(message.number);
    std::erase(idle_, worker);
  }
  workers_.erase(found);
  changed_.notify_all();
}

void WorkerPool::end_loading(Loading loading) {
  const std::lock_guard lock(mutex_);
  loading_ = std::move(loading);
  changed_.notify_all();
}

WorkerPool::Loading WorkerPool::wait_until_loaded() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return gone_ || loading_.has_value(); });
  return std::exchange(loading_, std::nullopt).value_or(Loading());
}

WorkerPool::Loading WorkerPool::reload() {
  if (!send_control(control_, {Kind::kReload})) return {};
  return wait_until_loaded();
}

bool WorkerPool::gone() const {
  const std::lock_guard lock(mutex_);
  return gone_;
}

Clock::time_point WorkerPool::ping() {
  send_control(control_, {Kind::kPing}, false);
  const std::lock_guard lock(mutex_);
  return last_pong_;
}

// Null: none came in time.
WorkerPool::WorkerHandle WorkerPool::take(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  worker_came_.wait_until(lock, deadline, [this] { return gone_ || !idle_.empty(); });
  if (idle_.empty()) return nullptr;
  WorkerHandle worker = std::move(idle_.back());
  idle_.pop_back();
  return worker;
}

// Of an older generation: it ends as soon as nobody holds its channel.
void WorkerPool::give_back(WorkerHandle worker) {
  const std::lock_guard lock(mutex_);
  if (worker->status || worker->generation < generation_) return;
  idle_.push_back(std::move(worker));
  worker_came_.notify_one();
}

void WorkerPool::discard(const WorkerHandle& worker) {
  send_control(control_, {Kind::kKill, worker->id}, false);
}

// Waits a little for the fork server to tell.
std::string WorkerPool::death_of(const Worker& worker) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kReapTime, [&] { return gone_ || worker.status.has_value(); });
  return worker.status ? how_it_ended(*worker.status) : "";
}

WorkResult WorkerPool::work(std::string_view message, const Envelope& envelope,
                            Clock::time_point deadline) {
  WorkerHandle worker = take(deadline);
  if (worker == nullptr) return WorkResult::failed(FailOpenReason::kNoWorker);
  std::optional<Answer> answer;
  switch (exchange(worker->channel, message, envelope, deadline, answer)) {
    case Exchange::kDone:
      if (!answer->last) give_back(std::move(worker));
      return std::move(answer->result);
    case Exchange::kClosed:
      discard(worker);
      return WorkResult::failed(FailOpenReason::kWorkerDied, death_of(*worker));
    case Exchange::kLate:
      discard(worker);
      return WorkResult::failed(FailOpenReason::kTimeBudget, "killed");
    case Exchange::kNonsense:
      discard(worker);
      return WorkResult::failed(FailOpenReason::kWorkerDied, "nonsense");
  }
  return WorkResult::failed(FailOpenReason::kException);
}

}  // namespace plainbounce

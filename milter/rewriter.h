// Config -> what a session needs to judge a message's envelope and to have it rewritten; and what
// a worker needs to do so.
#ifndef PLAINBOUNCE_MILTER_REWRITER_H_
#define PLAINBOUNCE_MILTER_REWRITER_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "lib/config/config.h"
#include "lib/rewrite.h"
#include "milter/message_record.h"

namespace plainbounce {

// What came of a message: of a Rewrite, what is used of it.
struct WorkResult {
  WorkResult() = default;
  WorkResult(Rewrite rewrite);  // NOLINT(google-explicit-constructor): it is one, cut down
  static WorkResult failed(FailOpenReason reason, std::string detail = {});

  std::optional<FailOpenReason> failure;  // nothing: it was done
  LeaveReason reason = LeaveReason::kNone;
  std::string detail;        // as Decision's, or of `failure`
  std::optional<Edit> edit;  // exactly where it was done and reason is kNone
  Findings findings;
};

using Clock = std::chrono::steady_clock;

// Reading, judging, writing and splicing, in whatever process. May throw.
using Work =
    std::function<WorkResult(std::string_view message, const Envelope&, const std::stop_token&)>;

// Immutable and shared: a message keeps the one that it began with, whatever is loaded meanwhile.
// The functions are thread-safe; they may throw, and the message then passes unchanged.
struct Rewriter {
  std::function<Decision(const Envelope&)> judge_envelope;
  // Has it done by `deadline`, or soon after tells that it wasn't.
  std::function<WorkResult(std::string_view message, const Envelope&, Clock::time_point deadline)>
      rewrite;
  bool explains_other_bounces = false;  // Policy::other_bounces
  std::size_t max_message_size = 0;     // bytes, header and body; its recipients likewise
  std::size_t max_memory = 0;           // bytes of all messages being received
  std::chrono::milliseconds time_budget{0};
  std::chrono::milliseconds max_silence{0};  // of the MTA, in the middle of a message
  int max_sessions = 0;
  bool observe = false;  // change nothing, only say what would have been done
};

// Loads knowledge, messages and templates. Throws DataError.
Work load_work(const Config& config);

// All but Rewriter::rewrite.
Rewriter rewriter_of(const Config& config);

// The one that the next message will be given. Thread-safe.
class CurrentRewriter {
 public:
  explicit CurrentRewriter(std::shared_ptr<const Rewriter> rewriter)
      : rewriter_(std::move(rewriter)) {}

  std::shared_ptr<const Rewriter> get() const;
  void replace(std::shared_ptr<const Rewriter> rewriter);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Rewriter> rewriter_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_REWRITER_H_

// Config -> everything that one message needs to be judged and rewritten.
#ifndef PLAINBOUNCE_MILTER_REWRITER_H_
#define PLAINBOUNCE_MILTER_REWRITER_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <utility>

#include "lib/config/config.h"
#include "lib/rewrite.h"

namespace plainbounce {

// Immutable and shared: a message keeps the one that it began with, whatever is loaded meanwhile.
// The functions are thread-safe; they may throw, and the message then passes unchanged.
struct Rewriter {
  std::function<Decision(const Envelope&)> judge_envelope;
  std::function<Rewrite(std::string_view message, const Envelope&, const std::stop_token&)> rewrite;
  bool explains_other_bounces = false;  // Policy::other_bounces
  std::size_t max_message_size = 0;     // bytes, header and body
  std::chrono::milliseconds time_budget{0};
  bool observe = false;  // change nothing, only say what would have been done
};

// Loads knowledge, messages and templates. Throws DataError.
std::shared_ptr<const Rewriter> load_rewriter(const Config& config);

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

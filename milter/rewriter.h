// Config -> everything that one message needs to be judged and rewritten.
#ifndef PLAINBOUNCE_MILTER_REWRITER_H_
#define PLAINBOUNCE_MILTER_REWRITER_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "lib/rewrite.h"
#include "milter/config.h"

namespace plainbounce {

// Immutable and shared: a message keeps the one that it began with, whatever is loaded meanwhile.
// The functions are thread-safe; they may throw, and the message then passes unchanged.
struct Rewriter {
  std::function<LeaveReason(const Envelope&)> judge_envelope;
  std::function<Rewrite(std::string_view message, const Envelope&)> rewrite;
  bool explains_other_bounces = false;  // Policy::other_bounces
  std::size_t max_message_size = 0;     // bytes, header and body
  std::chrono::milliseconds time_budget{0};
};

// Loads knowledge, messages and templates. Throws KnowledgeError, WordingError.
std::shared_ptr<const Rewriter> load_rewriter(const Config& config);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_REWRITER_H_

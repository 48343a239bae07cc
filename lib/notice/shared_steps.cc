#include "lib/notice/shared_steps.h"

#include <fmt/format.h>

#include <algorithm>

namespace plainbounce {

std::string step_key(std::string_view pattern) {
  return pattern.starts_with('@') ? fmt::format("step.{}", pattern.substr(1)) : std::string();
}

std::vector<std::string> alternatives(const Messages& messages, std::string_view key) {
  if (messages.find(key) != nullptr) return {std::string(key)};
  std::vector<std::string> result;
  for (std::string next = fmt::format("{}.1", key); messages.find(next) != nullptr;
       next = fmt::format("{}.{}", key, result.size() + 1)) {
    result.push_back(next);
  }
  return result;
}

std::vector<std::string> StepWalk::endless_way_from(const std::string& step) {
  way_.clear();
  return walk(step) ? std::vector<std::string>() : way_;
}

bool StepWalk::walk(const std::string& step) {
  const bool was_here = std::find(way_.begin(), way_.end(), step) != way_.end();
  const auto known = lengths_.find(step);
  const std::size_t rest = known == lengths_.end() ? 1 : known->second;
  way_.push_back(step);
  if (was_here || way_.size() - 1 + rest > kMostStepsInARow) return false;
  if (known == lengths_.end() && !walk_from(step)) return false;
  way_.pop_back();
  return true;
}

bool StepWalk::walk_from(const std::string& step) {
  std::size_t longest = 0;
  for (const std::string& text : alternatives(messages_, step)) {
    const std::string next = step_key(*messages_.find(text));
    if (next.empty()) continue;
    if (!walk(next)) return false;
    longest = std::max(longest, lengths_.at(next));
  }
  lengths_.emplace(step, longest + 1);
  return true;
}

}  // namespace plainbounce

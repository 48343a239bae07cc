// "@wait" in place of a text -> the shared step that is said there; and where that leads to.
#ifndef PLAINBOUNCE_LIB_NOTICE_SHARED_STEPS_H_
#define PLAINBOUNCE_LIB_NOTICE_SHARED_STEPS_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/notice/message_file.h"

namespace plainbounce {

// A step may itself stand for another one; more in a row than this are refused when loading.
inline constexpr std::size_t kMostStepsInARow = 10;

// "@wait" -> "step.wait"; empty: the pattern is a text of its own.
std::string step_key(std::string_view pattern);

// The texts that stand for a key: its own one, or its alternatives KEY.1, KEY.2, ..., of which the
// first that can be said is; empty: there are none.
std::vector<std::string> alternatives(const Messages& messages, std::string_view key);

// Follows steps to steps. `messages` must outlive it.
class StepWalk {
 public:
  explicit StepWalk(const Messages& messages) : messages_(messages) {}

  // Nothing: every way from this step, "step.wait", ends in a text. Otherwise the keys of one that
  // doesn't: the last is one of those before it, or it is the one too many.
  std::vector<std::string> endless_way_from(const std::string& step);

 private:
  bool walk(const std::string& step);
  bool walk_from(const std::string& step);

  const Messages& messages_;
  std::vector<std::string> way_;
  std::map<std::string, std::size_t> lengths_;  // of those that end: the steps on the longest way
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_SHARED_STEPS_H_

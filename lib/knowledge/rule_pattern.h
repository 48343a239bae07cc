// One pattern of a rule: found by its literals, compiled when a text first has them.
//
// Of a thousand patterns a program that ends at once needs a handful, and compiling all takes most
// of the time that it runs.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_RULE_PATTERN_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_RULE_PATTERN_H_

#include <re2/re2.h>

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace plainbounce {

// How patterns are read: without regard to case. `max_memory`, in bytes, is what the program and
// the automaton may take; RE2 starts an automaton over when it is full, which costs time and
// nothing else.
RE2::Options pattern_options(std::int64_t max_memory);

// An RE2 that is compiled when it is first used. Threads may share it.
class RulePattern {
 public:
  // Empty: a pattern that nothing matches.
  explicit RulePattern(std::string pattern) : pattern_(std::move(pattern)) {}

  // Does it match anywhere in `text`?
  bool is_in(std::string_view text) const;

  // Does at once what the first text would otherwise wait for.
  void compile() const;

  const RE2& compiled() const;

 private:
  std::string pattern_;
  mutable std::once_flag once_;
  mutable std::optional<RE2> compiled_;
};

// What is wrong with a pattern; empty: nothing.
std::string fault_of(const std::string& pattern);

// What a text must hold for the pattern to match: of each group at least one, in small letters, as
// RE2's own prefilter tells. No group: the pattern may match without any. For patterns without
// fault.
std::vector<std::vector<std::string>> literals_of(const std::string& pattern);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_RULE_PATTERN_H_

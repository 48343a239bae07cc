#include "lib/knowledge/rule_pattern.h"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <numeric>

#include "lib/base/text.h"

namespace plainbounce {
namespace {

// Shorter literals than this, in bytes, stand in every text.
constexpr int kMinLiteral = 2;

// Longer ones, in bytes, are cut: many then become one, and fewer are quickly made into an
// automaton, while few more texts have them.
constexpr std::size_t kMaxLiteral = 8;

constexpr std::int64_t kMemoryPerPattern = std::int64_t{8} << 20;

// One pattern, and the literals that RE2's prefilter looks for, which it knows by number.
class Prefilter {
 public:
  explicit Prefilter(const std::string& pattern) {
    int index = 0;
    filter_.Add(pattern, pattern_options(kMemoryPerPattern), &index);
    filter_.Compile(&literals_);
  }

  const std::vector<std::string>& literals() const { return literals_; }

  // May the pattern match a text in which only the literals of these numbers stand?
  bool may_match(const std::vector<int>& numbers) const {
    std::vector<int> found;
    filter_.AllPotentials(numbers, &found);
    return !found.empty();
  }

 private:
  re2::FilteredRE2 filter_{kMinLiteral};
  std::vector<std::string> literals_;
};

// The least of `group`, which is all but `others`, without which the pattern still can't match. The
// shortest are given up first: they stand in more texts.
std::vector<int> least_of(std::vector<int> group, std::vector<int> others,
                          const Prefilter& filter) {
  std::stable_sort(group.begin(), group.end(), [&](int a, int b) {
    return filter.literals()[static_cast<std::size_t>(a)].size() <
           filter.literals()[static_cast<std::size_t>(b)].size();
  });
  std::vector<int> least;
  for (const int number : group) {
    others.push_back(number);
    if (!filter.may_match(others)) continue;
    others.pop_back();
    least.push_back(number);
  }
  return least;
}

}  // namespace

RE2::Options pattern_options(std::int64_t max_memory) {
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(false);
  options.set_max_mem(max_memory);
  return options;
}

bool RulePattern::is_in(std::string_view text) const {
  return !pattern_.empty() && RE2::PartialMatch(text, compiled());
}

void RulePattern::compile() const {
  if (!pattern_.empty()) compiled();
}

const RE2& RulePattern::compiled() const {
  std::call_once(once_, [&] { compiled_.emplace(pattern_, pattern_options(kMemoryPerPattern)); });
  return *compiled_;
}

std::string fault_of(const std::string& pattern) {
  const RE2 compiled(pattern, pattern_options(kMemoryPerPattern));
  if (!compiled.ok()) return compiled.error();
  return RE2::PartialMatch("", compiled) ? "it matches every text" : "";
}

std::vector<std::vector<std::string>> literals_of(const std::string& pattern) {
  const Prefilter filter(pattern);
  std::vector<std::vector<std::string>> groups;
  std::vector<int> left(filter.literals().size());
  std::iota(left.begin(), left.end(), 0);
  std::vector<int> taken;
  // Each group is made of literals that no group before it has: as long as the pattern can't match
  // with theirs alone, there is another one to find.
  while (!filter.may_match(taken)) {
    const std::vector<int> group = least_of(left, taken, filter);
    std::vector<std::string>& words = groups.emplace_back();
    for (const int number : group) {
      words.emplace_back(
          cut_utf8(filter.literals()[static_cast<std::size_t>(number)], kMaxLiteral));
      std::erase(left, number);
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    taken.insert(taken.end(), group.begin(), group.end());
  }
  return groups;
}

}  // namespace plainbounce

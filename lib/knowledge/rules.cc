#include "lib/knowledge/rules.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <mutex>
#include <numeric>
#include <optional>
#include <tuple>

#include "lib/base/data_error.h"
#include "lib/knowledge/rule_file.h"

namespace plainbounce {
namespace {

// The memory, in bytes, that the automaton of all literals may use.
constexpr std::int64_t kMemoryForLiterals = std::int64_t{256} << 20;

template <typename T>
bool holds(const std::vector<T>& allowed, const auto& value) {
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

bool conditions_hold(const Rule& rule, const RuleContext& context) {
  return holds(rule.providers, context.provider) && holds(rule.codes, context.code) &&
         (rule.statuses.empty() || (context.status && holds(rule.statuses, *context.status))) &&
         (rule.reply_class == 0 || rule.reply_class == class_of(context.code, context.status)) &&
         (!rule.stage || *rule.stage == context.stage);
}

// What a better rule has more of. A class is no condition to speak of: it fits half of all replies.
auto rank(const Rule& rule) {
  const int conditions = static_cast<int>(!rule.codes.empty()) +
                         static_cast<int>(!rule.statuses.empty()) +
                         static_cast<int>(bool{rule.stage});
  return std::tuple(rule.strength, !rule.providers.empty(), conditions, rule.tier);
}

void check_pattern(const Rule& rule, std::string_view key, const std::string& pattern) {
  const std::string fault = fault_of(pattern);
  if (fault.empty()) return;
  fail_at(rule.file, rule.line, fmt::format("rule \"{}\": {}: {}", rule.id, key, fault));
}

// "house" comes before "house-strict", as their names do without what all end in.
std::string_view stem_of(std::string_view name) { return name.substr(0, name.rfind('.')); }

}  // namespace

// One automaton finds all literals of all patterns in one pass over the text; only the patterns
// whose literals are there are then tried, each with its own small automaton. One automaton of all
// patterns would take a new state for nearly every byte of a reply that wasn't seen before.
class RuleSet::Finder {
 public:
  explicit Finder(const std::vector<Rule>& rules);

  // The indices of the rules whose literals are in `text`, in their order.
  std::vector<std::size_t> candidates(std::string_view text) const;

 private:
  // By their numbers in `literals_`: one of each group must be there.
  using Groups = std::vector<std::vector<int>>;

  void add(const Rule& rule, std::map<std::string, int>& numbers);

  std::vector<Groups> groups_;                              // one for each rule
  std::vector<std::vector<std::size_t>> rules_by_literal_;  // those whose first group has it
  std::vector<std::size_t> without_literals_;               // these may match any text
  std::unique_ptr<RE2::Set> literals_;                      // null: no rule has any
};

struct RuleSet::FinderOnce {
  std::once_flag once;
  std::optional<Finder> finder;
};

RuleSet::Finder::Finder(const std::vector<Rule>& rules) {
  std::map<std::string, int> numbers;
  for (const Rule& rule : rules) add(rule, numbers);
  if (numbers.empty()) return;
  std::vector<std::string_view> literals(numbers.size());
  for (const auto& [literal, number] : numbers)
    literals[static_cast<std::size_t>(number)] = literal;
  literals_ = std::make_unique<RE2::Set>(pattern_options(kMemoryForLiterals), RE2::UNANCHORED);
  for (const std::string_view literal : literals) literals_->Add(RE2::QuoteMeta(literal), nullptr);
  if (!literals_->Compile()) {
    throw DataError("the rules' patterns need more memory together than they may use");
  }
}

void RuleSet::Finder::add(const Rule& rule, std::map<std::string, int>& numbers) {
  const std::size_t index = groups_.size();
  Groups& groups = groups_.emplace_back();
  for (const auto& literals : rule.literals) {
    std::vector<int>& group = groups.emplace_back();
    for (const std::string& literal : literals) {
      group.push_back(numbers.try_emplace(literal, static_cast<int>(numbers.size())).first->second);
    }
  }
  rules_by_literal_.resize(numbers.size());
  if (groups.empty()) {
    without_literals_.push_back(index);
    return;
  }
  for (const int number : groups.front()) {
    rules_by_literal_[static_cast<std::size_t>(number)].push_back(index);
  }
}

std::vector<std::size_t> RuleSet::Finder::candidates(std::string_view text) const {
  std::vector<std::size_t> found;
  std::vector<int> there;
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  if (literals_ != nullptr && !literals_->Match(text, &there, &error) &&
      error.kind != RE2::Set::kNoError) {
    // The automaton didn't fit: slower, one by one, but never wrong.
    found.resize(groups_.size());
    std::iota(found.begin(), found.end(), std::size_t{0});
    return found;
  }
  std::vector<bool> is_there(rules_by_literal_.size());
  for (const int number : there) is_there[static_cast<std::size_t>(number)] = true;
  const auto has_one = [&](const std::vector<int>& group) {
    return std::any_of(group.begin(), group.end(),
                       [&](int number) { return is_there[static_cast<std::size_t>(number)]; });
  };
  for (const int number : there) {
    for (const std::size_t index : rules_by_literal_[static_cast<std::size_t>(number)]) {
      if (std::all_of(groups_[index].begin() + 1, groups_[index].end(), has_one)) {
        found.push_back(index);
      }
    }
  }
  found.insert(found.end(), without_literals_.begin(), without_literals_.end());
  // Several literals lead to one rule.
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

RuleSet::RuleSet(std::vector<Rule> rules, RuleWords words) : words_(std::move(words)) {
  for (Rule& rule : rules) append(std::move(rule));
}

void RuleSet::load(std::span<const RuleFile> files, std::optional<Tier> unless_said) {
  std::vector<ParsedRuleFile> parsed;
  for (const RuleFile& file : files) {
    parsed.push_back(parse_rule_file(file.name, file.content, unless_said));
  }
  std::sort(parsed.begin(), parsed.end(), [](const auto& a, const auto& b) {
    return std::pair(a.tier, stem_of(a.name)) < std::pair(b.tier, stem_of(b.name));
  });
  for (ParsedRuleFile& file : parsed) {
    for (Rule& rule : read_rules(file, words_)) add(std::move(rule));
  }
}

void RuleSet::add(Rule rule) {
  if (const auto found = places_of_ids_.find(rule.id); found != places_of_ids_.end()) {
    const Rule& other = rules_[found->second];
    fail_at(rule.file, rule.line,
            fmt::format("rule \"{}\" stands in {}:{} already", rule.id, other.file, other.line));
  }
  check_pattern(rule, "pattern", rule.pattern);
  if (!rule.unless.empty()) check_pattern(rule, "unless", rule.unless);
  rule.literals = literals_of(rule.pattern);
  append(std::move(rule));
}

void RuleSet::append(Rule rule) {
  places_of_ids_.emplace(rule.id, rules_.size());
  patterns_.push_back(std::make_unique<Patterns>(rule));
  rules_.push_back(std::move(rule));
  finder_ = std::make_unique<FinderOnce>();
}

void RuleSet::compile() const {
  if (finder_ != nullptr) finder();
  for (const auto& patterns : patterns_) {
    patterns->pattern.compile();
    patterns->unless.compile();
  }
}

const RuleSet::Finder& RuleSet::finder() const {
  std::call_once(finder_->once, [&] { finder_->finder.emplace(rules_); });
  return *finder_->finder;
}

const RuleSet::Patterns& RuleSet::patterns_of(const Rule& rule) const {
  return *patterns_[static_cast<std::size_t>(&rule - rules_.data())];
}

bool RuleSet::is_contradicted(const Rule& rule, const HeardText& heard) const {
  return patterns_of(rule).unless.is_in(rule.in_links ? heard.text() : heard.words());
}

std::vector<const Rule*> RuleSet::matches(const HeardText& heard,
                                          const RuleContext& context) const {
  std::vector<const Rule*> found;
  if (finder_ == nullptr) return found;
  for (const std::size_t index : finder().candidates(heard.text())) {
    const Rule& rule = rules_[index];
    if (holds(rule, heard, context)) found.push_back(&rule);
  }
  std::sort(found.begin(), found.end(), [](const Rule* a, const Rule* b) {
    return std::tuple(rank(*a), a) > std::tuple(rank(*b), b);
  });
  return found;
}

bool RuleSet::holds(const Rule& rule, const HeardText& heard, const RuleContext& context) const {
  return conditions_hold(rule, context) &&
         patterns_of(rule).pattern.is_in(rule.in_links ? heard.text() : heard.words()) &&
         !is_contradicted(rule, heard);
}

Captures RuleSet::captures(const Rule& rule, const HeardText& heard) const {
  Captures taken;
  if (rule.pattern.find("(?P<") == std::string::npos) return taken;
  const RE2& pattern = patterns_of(rule).pattern.compiled();
  const int groups = pattern.NumberOfCapturingGroups() + 1;
  std::vector<re2::StringPiece> parts(static_cast<std::size_t>(groups));
  // Of the same length, so that what is caught is found in what was said.
  const std::string_view text = rule.in_links ? heard.text() : heard.words();
  if (!pattern.Match(text, 0, text.size(), RE2::UNANCHORED, parts.data(), groups)) return taken;
  for (const auto& [group, name] : pattern.CapturingGroupNames()) {
    const re2::StringPiece& part = parts[static_cast<std::size_t>(group)];
    if (part.data() == nullptr) continue;
    const auto offset = static_cast<std::size_t>(part.data() - text.data());
    taken.emplace_back(name, heard.said_at(offset, part.size()));
  }
  return taken;
}

}  // namespace plainbounce

#include "lib/knowledge/rules.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <tuple>

#include "lib/knowledge/knowledge.h"
#include "lib/knowledge/rule_file.h"
#include "lib/knowledge/table.h"

namespace plainbounce {
namespace {

// The memory, in bytes, that all patterns together may use for their program and automaton: a third
// of it is left for the automaton's states. RE2 starts them over when it is full, which costs time
// and nothing else.
constexpr std::int64_t kBaseMemory = std::int64_t{32} << 20;
constexpr std::int64_t kMemoryPerRule = std::int64_t{32} << 10;

RE2::Options pattern_options() {
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(false);
  return options;
}

template <typename T>
bool holds(const std::vector<T>& allowed, const auto& value) {
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

int class_of(const RuleContext& context) {
  if (context.code != 0) return context.code / 100;
  return context.status ? context.status->status_class : 0;
}

bool conditions_hold(const Rule& rule, const RuleContext& context) {
  return holds(rule.providers, context.provider) && holds(rule.codes, context.code) &&
         (rule.statuses.empty() || (context.status && holds(rule.statuses, *context.status))) &&
         (rule.reply_class == 0 || rule.reply_class == class_of(context)) &&
         (!rule.stage || *rule.stage == context.stage);
}

// What a better rule has more of. A class is no condition to speak of: it fits half of all replies.
auto rank(const Rule& rule) {
  const int conditions = static_cast<int>(!rule.codes.empty()) +
                         static_cast<int>(!rule.statuses.empty()) +
                         static_cast<int>(bool{rule.stage});
  return std::tuple(rule.strength, !rule.providers.empty(), conditions);
}

// A rule's own pattern, compiled when it is first needed: most rules' never is.
class LazyPattern {
 public:
  explicit LazyPattern(const std::string& pattern) : pattern_(pattern) {}

  const RE2& get() const {
    std::call_once(compiled_, [this] { regex_.emplace(pattern_, pattern_options()); });
    return *regex_;
  }

 private:
  const std::string& pattern_;
  mutable std::once_flag compiled_;
  mutable std::optional<RE2> regex_;
};

}  // namespace

struct RuleSet::Compiled {
  std::unique_ptr<RE2::Set> set;
  std::deque<LazyPattern> patterns;  // one for each rule

  // The indices of the rules whose pattern matches.
  std::vector<int> search(std::string_view text) const;
};

std::vector<int> RuleSet::Compiled::search(std::string_view text) const {
  std::vector<int> found;
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  if (set->Match(text, &found, &error) || error.kind == RE2::Set::kNoError) return found;
  // The automaton didn't fit: slower, one by one, but never wrong.
  found.clear();
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (RE2::PartialMatch(text, patterns[i].get())) found.push_back(static_cast<int>(i));
  }
  return found;
}

RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

void RuleSet::load(std::string_view file, std::string_view toml) {
  for (Rule& rule : parse_rule_file(file, toml, words_)) {
    const auto same_id = std::find_if(rules_.begin(), rules_.end(),
                                      [&](const Rule& other) { return other.id == rule.id; });
    if (same_id != rules_.end()) {
      fail_at(file, rule.line,
              fmt::format("rule \"{}\" stands in {}:{} already", rule.id, same_id->file,
                          same_id->line));
    }
    rules_.push_back(std::move(rule));
  }
}

void RuleSet::compile() {
  RE2::Options set_options = pattern_options();
  set_options.set_max_mem(kBaseMemory + kMemoryPerRule * static_cast<std::int64_t>(rules_.size()));
  set_options.set_never_capture(true);
  compiled_ = std::make_unique<Compiled>();
  compiled_->set = std::make_unique<RE2::Set>(set_options, RE2::UNANCHORED);
  for (const Rule& rule : rules_) {
    std::string error;
    if (compiled_->set->Add(rule.pattern, &error) < 0) {
      fail_at(rule.file, rule.line, fmt::format("rule \"{}\": pattern: {}", rule.id, error));
    }
    compiled_->patterns.emplace_back(rule.pattern);
  }
  if (!compiled_->set->Compile()) {
    throw KnowledgeError("the rules' patterns need more memory together than they may use");
  }
  for (const int index : compiled_->search("")) {
    const Rule& rule = rules_[static_cast<std::size_t>(index)];
    fail_at(rule.file, rule.line,
            fmt::format("rule \"{}\": pattern: it matches every text", rule.id));
  }
}

std::vector<const Rule*> RuleSet::matches(std::string_view text, const RuleContext& context) const {
  std::vector<const Rule*> found;
  if (compiled_ == nullptr || rules_.empty()) return found;
  for (const int index : compiled_->search(text)) {
    const Rule& rule = rules_[static_cast<std::size_t>(index)];
    if (conditions_hold(rule, context)) found.push_back(&rule);
  }
  std::sort(found.begin(), found.end(), [](const Rule* a, const Rule* b) {
    return std::tuple(rank(*a), a) > std::tuple(rank(*b), b);
  });
  return found;
}

std::optional<RuleMatch> RuleSet::best(std::string_view text, const RuleContext& context) const {
  const std::vector<const Rule*> found = matches(text, context);
  if (found.empty()) return std::nullopt;
  RuleMatch match{found.front(), captures(*found.front(), text)};
  return match;
}

Captures RuleSet::captures(const Rule& rule, std::string_view text) const {
  Captures taken;
  if (rule.pattern.find("(?P<") == std::string::npos) return taken;
  const RE2& pattern = compiled_->patterns[static_cast<std::size_t>(&rule - rules_.data())].get();
  const int groups = pattern.NumberOfCapturingGroups() + 1;
  std::vector<re2::StringPiece> parts(static_cast<std::size_t>(groups));
  if (!pattern.Match(text, 0, text.size(), RE2::UNANCHORED, parts.data(), groups)) return taken;
  for (const auto& [group, name] : pattern.CapturingGroupNames()) {
    const re2::StringPiece& part = parts[static_cast<std::size_t>(group)];
    if (part.data() != nullptr) taken.emplace_back(name, std::string(part.data(), part.size()));
  }
  return taken;
}

}  // namespace plainbounce

#include "lib/knowledge/rules.h"

#include <fmt/format.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <tuple>

#include "lib/base/data_error.h"
#include "lib/base/tsv.h"
#include "lib/knowledge/knowledge.h"
#include "lib/knowledge/rule_file.h"

namespace plainbounce {
namespace {

// The literals that a pattern can't match without are looked for first; shorter ones than this (in
// bytes) stand in every text.
constexpr int kMinLiteral = 2;

// The memory, in bytes, that one pattern may use for its program and automaton, and that the
// automaton of all literals may use. RE2 starts an automaton over when it is full, which costs time
// and nothing else.
constexpr std::int64_t kMemoryPerPattern = std::int64_t{8} << 20;
constexpr std::int64_t kMemoryForLiterals = std::int64_t{256} << 20;

RE2::Options pattern_options() {
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(false);
  options.set_max_mem(kMemoryPerPattern);
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

}  // namespace

// One automaton finds all literals of all patterns in one pass over the text; only the patterns
// whose literals are there are then tried, each with its own small automaton. One automaton of all
// patterns would take a new state for nearly every byte of a reply that wasn't seen before.
struct RuleSet::Compiled {
  re2::FilteredRE2 patterns{kMinLiteral};  // one for each rule
  std::unique_ptr<RE2::Set> literals;      // null: no pattern has any

  void add(const Rule& rule);
  void finish();

  // The indices of the rules whose pattern matches.
  std::vector<int> search(std::string_view text) const;
};

void RuleSet::Compiled::add(const Rule& rule) {
  int index = 0;
  if (patterns.Add(rule.pattern, pattern_options(), &index) == RE2::NoError) return;
  const RE2 broken(rule.pattern, pattern_options());
  fail_at(rule.file, rule.line, fmt::format("rule \"{}\": pattern: {}", rule.id, broken.error()));
}

void RuleSet::Compiled::finish() {
  std::vector<std::string> found;
  patterns.Compile(&found);
  if (found.empty()) return;
  RE2::Options options = pattern_options();
  options.set_max_mem(kMemoryForLiterals);
  literals = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  for (const std::string& literal : found) {
    literals->Add(RE2::QuoteMeta(literal), nullptr);
  }
  if (!literals->Compile()) {
    throw DataError("the rules' patterns need more memory together than they may use");
  }
}

std::vector<int> RuleSet::Compiled::search(std::string_view text) const {
  std::vector<int> there;
  std::vector<int> found;
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  if (literals == nullptr || literals->Match(text, &there, &error) ||
      error.kind == RE2::Set::kNoError) {
    patterns.AllMatches(text, there, &found);
    return found;
  }
  // The automaton didn't fit: slower, one by one, but never wrong.
  for (int i = 0; i < patterns.NumRegexps(); ++i) {
    if (RE2::PartialMatch(text, patterns.GetRE2(i))) found.push_back(i);
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
  compiled_ = std::make_unique<Compiled>();
  if (rules_.empty()) return;
  for (const Rule& rule : rules_) compiled_->add(rule);
  compiled_->finish();
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
  const RE2& pattern = compiled_->patterns.GetRE2(static_cast<int>(&rule - rules_.data()));
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

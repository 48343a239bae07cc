#include "lib/knowledge/rules.h"

#include <fmt/format.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <tuple>

#include "lib/base/data_error.h"
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

constexpr std::string_view kMatchesAll = "it matches every text";

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

[[noreturn]] void fail_on_pattern(const Rule& rule, std::string_view key, std::string_view fault) {
  fail_at(rule.file, rule.line, fmt::format("rule \"{}\": {}: {}", rule.id, key, fault));
}

// Null: the rule has none.
std::unique_ptr<RE2> compile_unless(const Rule& rule) {
  if (rule.unless.empty()) return nullptr;
  auto unless = std::make_unique<RE2>(rule.unless, pattern_options());
  if (!unless->ok()) fail_on_pattern(rule, "unless", unless->error());
  if (RE2::PartialMatch("", *unless)) fail_on_pattern(rule, "unless", kMatchesAll);
  return unless;
}

// "house" comes before "house-strict", as their names do without what all end in.
std::string_view stem_of(std::string_view name) { return name.substr(0, name.rfind('.')); }

}  // namespace

// One automaton finds all literals of all patterns in one pass over the text; only the patterns
// whose literals are there are then tried, each with its own small automaton. One automaton of all
// patterns would take a new state for nearly every byte of a reply that wasn't seen before.
struct RuleSet::Compiled {
  re2::FilteredRE2 patterns{kMinLiteral};    // one for each rule
  std::vector<std::unique_ptr<RE2>> unless;  // one for each rule; null: it has none
  std::unique_ptr<RE2::Set> literals;        // null: no pattern has any

  explicit Compiled(const std::vector<Rule>& rules);
  void add(const Rule& rule);
  void finish();

  // The indices of the rules whose pattern matches.
  std::vector<int> search(std::string_view text) const;
};

struct RuleSet::CompiledOnce {
  std::once_flag once;
  std::optional<Compiled> all;
};

RuleSet::Compiled::Compiled(const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) add(rule);
  finish();
  for (const int index : search("")) {
    fail_on_pattern(rules[static_cast<std::size_t>(index)], "pattern", kMatchesAll);
  }
}

void RuleSet::Compiled::add(const Rule& rule) {
  int index = 0;
  if (patterns.Add(rule.pattern, pattern_options(), &index) != RE2::NoError) {
    fail_on_pattern(rule, "pattern", RE2(rule.pattern, pattern_options()).error());
  }
  unless.push_back(compile_unless(rule));
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
  const auto same_id = std::find_if(rules_.begin(), rules_.end(),
                                    [&](const Rule& other) { return other.id == rule.id; });
  if (same_id != rules_.end()) {
    fail_at(
        rule.file, rule.line,
        fmt::format("rule \"{}\" stands in {}:{} already", rule.id, same_id->file, same_id->line));
  }
  rules_.push_back(std::move(rule));
  compiled_ = std::make_unique<CompiledOnce>();
}

void RuleSet::compile() const {
  if (compiled_ != nullptr) compiled();
}

const RuleSet::Compiled& RuleSet::compiled() const {
  std::call_once(compiled_->once, [&] { compiled_->all.emplace(rules_); });
  return *compiled_->all;
}

// Of a rule whose pattern matches: also where links and addresses don't count?
bool RuleSet::matches_words(const Rule& rule, const HeardText& heard) const {
  return rule.in_links || heard.words() == heard.text() ||
         RE2::PartialMatch(heard.words(), pattern_of(rule));
}

bool RuleSet::is_contradicted(const Rule& rule, const HeardText& heard) const {
  const auto& unless = compiled().unless[static_cast<std::size_t>(&rule - rules_.data())];
  return unless != nullptr &&
         RE2::PartialMatch(rule.in_links ? heard.text() : heard.words(), *unless);
}

std::vector<const Rule*> RuleSet::matches(const HeardText& heard,
                                          const RuleContext& context) const {
  std::vector<const Rule*> found;
  if (compiled_ == nullptr) return found;
  for (const int index : compiled().search(heard.text())) {
    const Rule& rule = rules_[static_cast<std::size_t>(index)];
    if (conditions_hold(rule, context) && matches_words(rule, heard) &&
        !is_contradicted(rule, heard)) {
      found.push_back(&rule);
    }
  }
  std::sort(found.begin(), found.end(), [](const Rule* a, const Rule* b) {
    return std::tuple(rank(*a), a) > std::tuple(rank(*b), b);
  });
  return found;
}

const RE2& RuleSet::pattern_of(const Rule& rule) const {
  return compiled().patterns.GetRE2(static_cast<int>(&rule - rules_.data()));
}

bool RuleSet::holds(const Rule& rule, const HeardText& heard, const RuleContext& context) const {
  return conditions_hold(rule, context) &&
         RE2::PartialMatch(rule.in_links ? heard.text() : heard.words(), pattern_of(rule)) &&
         !is_contradicted(rule, heard);
}

Captures RuleSet::captures(const Rule& rule, const HeardText& heard) const {
  Captures taken;
  if (rule.pattern.find("(?P<") == std::string::npos) return taken;
  const RE2& pattern = pattern_of(rule);
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

#include "lib/knowledge/rule_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/text.h"
#include "lib/knowledge/facts.h"

namespace plainbounce {
namespace {

bool is_name_char(char c) { return is_small_letter(c) || is_digit(c) || c == '_'; }

// The name in "{name}" at the start of `text`; empty: something else, such as a repetition "{2,3}".
std::string_view word_at(std::string_view text) {
  if (text.size() < 2 || !is_small_letter(text[1])) return {};
  std::size_t end = 1;
  while (end < text.size() && is_name_char(text[end])) ++end;
  return end > 1 && end < text.size() && text[end] == '}' ? text.substr(1, end - 1)
                                                          : std::string_view();
}

}  // namespace

std::string fill_words(std::string_view file, int line, std::string_view pattern,
                       const RuleWords& words) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool escaped = i > 0 && (pattern[i - 1] == '\\' || pattern[i - 1] == 'p');
    const std::string_view name =
        pattern[i] == '{' && !escaped ? word_at(pattern.substr(i)) : std::string_view();
    if (name.empty()) {
      out.push_back(pattern[i]);
      continue;
    }
    const auto found = words.by_name.find(name);
    if (found == words.by_name.end()) {
      fail_at(file, line, fmt::format("no such word: {{{}}}", name));
    }
    out += found->second.pattern;
    i += name.size() + 1;
  }
  return out;
}

namespace {

void add_word(const std::string& name, const RuleWord& word, RuleWords& words) {
  RuleWord& place = words.by_name[name];
  const bool hides = !place.pattern.empty() && place.pattern != word.pattern;
  if (hides) words.hiding.push_back({name, word, place});
  place = word;
}

// In the order of the file, so that a word may be made of those above it.
void read_words(std::string_view file, const toml::table& table, RuleWords& words) {
  std::map<int, std::string_view> names_by_line;
  for (const auto& [key, node] : table) names_by_line.emplace(line_of(node), key.str());
  for (const auto& [line, name] : names_by_line) {
    const auto pattern = table.get(name)->value_exact<std::string>();
    if (!pattern) fail_at(file, line, "a word's pattern: expected a string");
    add_word(
        std::string(name),
        {fmt::format("(?:{})", fill_words(file, line, *pattern, words)), std::string(file), line},
        words);
  }
}

Strength read_strength(std::string_view file, const toml::table& table) {
  const std::string word = string_of(file, table, "strength");
  if (word.empty()) return Strength::kStrong;
  if (const auto strength = parse_id<Strength>(word)) return *strength;
  fail_at(file, line_of(table), "strength: expected hint, strong or decisive");
}

std::optional<Stage> read_stage(std::string_view file, const toml::table& table) {
  const std::string word = string_of(file, table, "stage");
  if (word.empty()) return std::nullopt;
  if (const auto stage = parse_id<Stage>(word)) return stage;
  fail_at(file, line_of(table), fmt::format("stage: no such stage: \"{}\"", word));
}

std::vector<int> read_codes(std::string_view file, const toml::table& table) {
  std::vector<int> codes;
  const toml::node* const node = table.get("codes");
  if (node == nullptr) return codes;
  const toml::array* const array = node->as_array();
  if (array == nullptr) fail_at(file, line_of(*node), "codes: expected an array of reply codes");
  for (const toml::node& element : *array) {
    const auto code = element.value_exact<std::int64_t>();
    if (!code) fail_at(file, line_of(element), "codes: expected reply codes");
    codes.push_back(static_cast<int>(*code));
  }
  return codes;
}

std::vector<EnhancedStatus> read_statuses(std::string_view file, const toml::table& table) {
  std::vector<EnhancedStatus> statuses;
  for (const std::string& text : strings_of(file, table, "statuses")) {
    const auto status = parse_enhanced_status(text);
    if (!status) fail_at(file, line_of(table), fmt::format("statuses: no such code: \"{}\"", text));
    statuses.push_back(*status);
  }
  return statuses;
}

RuleExample read_example(std::string_view file, std::string_view key, const toml::node& node) {
  RuleExample example;
  example.line = line_of(node);
  if (const toml::table* const table = node.as_table()) {
    check_keys(file, *table, {"text", "host"});
    example.text = string_of(file, *table, "text");
    example.host = string_of(file, *table, "host");
  } else {
    example.text = node.value_exact<std::string>().value_or("");
  }
  if (example.text.empty()) {
    fail_at(file, example.line,
            fmt::format("{}: expected replies, or {{ text = ..., host = ... }}", key));
  }
  return example;
}

std::vector<RuleExample> read_examples(std::string_view file, const toml::table& table,
                                       std::string_view key) {
  std::vector<RuleExample> examples;
  const toml::node* const node = table.get(key);
  if (node == nullptr) return examples;
  const toml::array* const array = node->as_array();
  if (array == nullptr) fail_at(file, line_of(*node), fmt::format("{}: expected an array", key));
  for (const toml::node& element : *array) examples.push_back(read_example(file, key, element));
  return examples;
}

// Whether it is a pattern at all is seen when all are compiled (RuleSet::compile).
void check_captures(std::string_view file, const Rule& rule) {
  constexpr std::string_view kGroup = "(?P<";
  const std::string_view pattern = rule.pattern;
  for (std::size_t at = pattern.find(kGroup); at != std::string_view::npos;
       at = pattern.find(kGroup, at + 1)) {
    const std::string_view rest = pattern.substr(at + kGroup.size());
    const std::string_view name = rest.substr(0, rest.find('>'));
    if (!is_captured_fact(name)) {
      fail_at(file, rule.line,
              fmt::format("rule \"{}\": pattern: \"{}\" is no fact's name", rule.id, name));
    }
  }
}

Rule read_rule(std::string_view file, const toml::table& table, const RuleWords& words) {
  check_keys(file, table,
             {"id", "cause", "strength", "providers", "pattern", "unless", "class", "codes",
              "statuses", "stage", "in_links", "examples", "counter_examples"});
  Rule rule;
  rule.file = file;
  rule.line = line_of(table);
  rule.id = string_of(file, table, "id");
  if (rule.id.empty()) fail_at(file, rule.line, "id: a rule needs one");
  // It stands in the log, on terminals and in notices.
  if (has_control(rule.id)) fail_at(file, rule.line, "id: there is a control character in it");
  const std::string cause = string_of(file, table, "cause");
  const auto parsed_cause = parse_id<Cause>(cause);
  if (!parsed_cause) fail_at(file, rule.line, fmt::format("cause: no such cause: \"{}\"", cause));
  rule.cause = *parsed_cause;
  rule.strength = read_strength(file, table);
  rule.providers = strings_of(file, table, "providers");
  rule.pattern = fill_words(file, rule.line, string_of(file, table, "pattern"), words);
  rule.unless = fill_words(file, rule.line, string_of(file, table, "unless"), words);
  rule.in_links = bool_of(file, table, "in_links");
  rule.reply_class = static_cast<int>(table["class"].value_or(std::int64_t{0}));
  rule.codes = read_codes(file, table);
  rule.statuses = read_statuses(file, table);
  rule.stage = read_stage(file, table);
  rule.examples = read_examples(file, table, "examples");
  if (rule.examples.empty()) {
    fail_at(file, rule.line, "examples: a rule needs at least one reply that it is for");
  }
  rule.counter_examples = read_examples(file, table, "counter_examples");
  check_captures(file, rule);
  return rule;
}

}  // namespace

ParsedRuleFile parse_rule_file(std::string_view file, std::string_view toml,
                               std::optional<Tier> unless_said) {
  ParsedRuleFile parsed{std::string(file), Tier::kOwn, parse_toml(file, toml)};
  const std::string word = string_of(file, parsed.root, "tier");
  const auto tier = word.empty() ? unless_said : parse_id<Tier>(word);
  if (!tier) {
    const toml::node* const node = parsed.root.get("tier");
    fail_at(file, node == nullptr ? 1 : line_of(*node),
            fmt::format("tier: \"{}\", expected one of {}", word, fmt::join(kIds<Tier>, ", ")));
  }
  parsed.tier = *tier;
  parsed.root.erase("tier");
  return parsed;
}

std::vector<Rule> read_rules(ParsedRuleFile& file, RuleWords& words) {
  if (const toml::node* const node = file.root.get("words")) {
    const toml::table* const table = node->as_table();
    if (table == nullptr) fail_at(file.name, line_of(*node), "words: expected a table");
    read_words(file.name, *table, words);
    file.root.erase("words");
  }
  file.root.erase("phrase");  // read by StockPhrases
  std::vector<Rule> rules;
  for (const toml::table* const table : array_of_tables(file.name, file.root, "rule")) {
    rules.push_back(read_rule(file.name, *table, words));
    rules.back().tier = file.tier;
  }
  return rules;
}

}  // namespace plainbounce

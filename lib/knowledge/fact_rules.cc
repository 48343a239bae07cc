#include "lib/knowledge/fact_rules.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "lib/base/data_error.h"
#include "lib/base/toml_file.h"
#include "lib/base/tsv.h"
#include "lib/knowledge/rule_file.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxValues = 8;

std::bitset<kCauseCount> causes_of(std::string_view file, const toml::table& table) {
  std::bitset<kCauseCount> causes;
  for (const std::string& id : strings_of(file, table, "causes")) {
    causes.set(static_cast<std::size_t>(read_cause(id, file, line_of(table))));
  }
  return causes;
}

std::vector<FactExample> examples_of(std::string_view file, const toml::table& table) {
  std::vector<FactExample> examples;
  const toml::array* const array = table["examples"].as_array();
  if (array == nullptr) fail_at(file, line_of(table), "examples: expected a list");
  for (const toml::node& node : *array) {
    const toml::table* const example = node.as_table();
    if (example == nullptr) fail_at(file, line_of(node), "expected { text = ..., value = ... }");
    check_keys(file, *example, {"text", "value"});
    examples.push_back({string_of(file, *example, "text"), string_of(file, *example, "value")});
  }
  return examples;
}

FactRule read_fact_rule(std::string_view file, const toml::table& table, const RuleWords& words) {
  check_keys(file, table, {"fact", "causes", "pattern", "except", "value", "examples"});
  FactRule rule;
  rule.line = line_of(table);
  const std::string fact = string_of(file, table, "fact");
  if (!is_captured_fact(fact)) {
    fail_at(file, rule.line, fmt::format("\"{}\" is no fact's name", fact));
  }
  rule.fact = find_fact(fact);
  rule.holds = causes_of(file, table);
  rule.value = string_of(file, table, "value");
  const auto pattern_of = [&](const std::string& pattern) {
    return std::make_shared<const RulePattern>(fill_words(file, rule.line, pattern, words));
  };
  rule.pattern = pattern_of(string_of(file, table, "pattern"));
  for (const std::string& except : strings_of(file, table, "except")) {
    rule.except.push_back(pattern_of(except));
  }
  rule.examples = examples_of(file, table);
  if (rule.holds.none() || rule.examples.empty()) {
    fail_at(file, rule.line, "expected causes and examples");
  }
  return rule;
}

std::vector<std::string_view> all_caught(const RulePattern& pattern, std::string_view text) {
  std::vector<std::string_view> values;
  re2::StringPiece rest(text.data(), text.size());
  re2::StringPiece found;
  while (values.size() < kMaxValues &&
         re2::RE2::FindAndConsume(&rest, pattern.compiled(), &found)) {
    values.emplace_back(found.data(), found.size());
  }
  return values;
}

}  // namespace

std::vector<std::string_view> FactRule::values_in(std::string_view text) const {
  if (!value.empty()) {
    return pattern->is_in(text) ? std::vector<std::string_view>{value}
                                : std::vector<std::string_view>{};
  }
  std::vector<std::string_view> values = all_caught(*pattern, text);
  if (values.empty()) return values;
  for (const auto& speaker : except) {
    for (const std::string_view other : all_caught(*speaker, text)) std::erase(values, other);
  }
  return values;
}

void FactRule::compile() const {
  pattern->compile();
  for (const auto& speaker : except) speaker->compile();
}

std::vector<FactRule> parse_fact_rules(std::string_view file, std::string_view toml,
                                       const RuleWords& words) {
  const toml::table root = parse_toml(file, toml);
  std::vector<FactRule> rules;
  for (const toml::table* const table : array_of_tables(file, root, "rule")) {
    rules.push_back(read_fact_rule(file, *table, words));
  }
  return rules;
}

}  // namespace plainbounce

// Wording that carries a fact, whatever rule names the cause. The data is facts.toml.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_FACT_RULES_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_FACT_RULES_H_

#include <bitset>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/knowledge/cause.h"
#include "lib/knowledge/facts.h"
#include "lib/knowledge/rule_pattern.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {

struct FactExample {
  std::string text;   // a reply as a server sent it
  std::string value;  // what the fact is then; sizes in bytes, times in seconds; empty: not told
};

struct FactRule {
  const FactEntry* fact = nullptr;  // one that is captured
  std::bitset<kCauseCount> holds;   // for which causes its words can be believed
  std::string value;                // what the fact is where the pattern matches; empty: what group
                                    // 1 of the pattern, the only one, has caught
  std::shared_ptr<const RulePattern> pattern;  // case-insensitive, unanchored, over Reply::text
  std::vector<std::shared_ptr<const RulePattern>>
      except;                         // likewise: what they catch isn't a value
  std::vector<FactExample> examples;  // at least one
  int line = 0;                       // in the file

  // The values that the text offers, in its order, at most 8; the texts live as long as `text` and
  // the rule.
  std::vector<std::string_view> values_in(std::string_view text) const;

  // Does at once what the first text would otherwise wait for.
  void compile() const;
};

// In the file's order: of two that have a value for the same fact the first is believed. `words`
// are those of the rules, which patterns name as "{number}". Whether RE2 can parse a pattern is
// first seen when it is used. Throws DataError.
std::vector<FactRule> parse_fact_rules(std::string_view file, std::string_view toml,
                                       const RuleWords& words);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_FACT_RULES_H_

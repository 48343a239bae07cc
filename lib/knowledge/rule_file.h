// One rules/*.toml file -> Rules.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_RULE_FILE_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_RULE_FILE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/toml_file.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {

// The pattern with the patterns of the words that it names as "{name}". Throws DataError: no such
// word.
std::string fill_words(std::string_view file, int line, std::string_view pattern,
                       const RuleWords& words);

// A file whose words and rules are still to be read.
struct ParsedRuleFile {
  std::string name;
  Tier tier = Tier::kOwn;
  toml::table root;  // without the tier
};

// `unless_said`: the tier of a file that names none; none: it must. Throws DataError.
ParsedRuleFile parse_rule_file(std::string_view file, std::string_view toml,
                               std::optional<Tier> unless_said);

// Reads [words] into `words` and [[rule]] tables into rules, with the words filled into their
// patterns. Throws DataError: a fault of the file, of a pattern or an id, an
// unknown cause or fact.
std::vector<Rule> read_rules(ParsedRuleFile& file, RuleWords& words);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_RULE_FILE_H_

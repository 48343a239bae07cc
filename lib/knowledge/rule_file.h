// One rules/*.toml file -> Rules.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_RULE_FILE_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_RULE_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/knowledge/rules.h"

namespace plainbounce {

// The pattern with the patterns of the words that it names as "{name}". Throws DataError: no such
// word.
std::string fill_words(std::string_view file, int line, std::string_view pattern,
                       const RuleWords& words);

// Reads [words] into `words` and [[rule]] tables into rules, with the words filled into their
// patterns. Throws DataError: a fault of the file, of a pattern or an id, an
// unknown cause or fact.
std::vector<Rule> parse_rule_file(std::string_view file, std::string_view toml, RuleWords& words);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_RULE_FILE_H_

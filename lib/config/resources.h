// Config -> what every program judges and writes with.
#ifndef PLAINBOUNCE_LIB_CONFIG_RESOURCES_H_
#define PLAINBOUNCE_LIB_CONFIG_RESOURCES_H_

#include <string_view>
#include <vector>

#include "lib/config/config.h"
#include "lib/rewrite.h"
#include "lib/workshop/rule_check.h"

namespace plainbounce {

// Loads knowledge, messages and templates, and tries the examples of the administrator's rules.
// Throws DataError: a language that no notice is written in, a file that can't be used, or, one
// line for each, the examples that don't do what their rule says.
Resources load_resources(const Config& config);

// The same without trying the examples, for who does so himself.
Resources load_unchecked_resources(const Config& config);

// Throws ConfigError, "KEY: ...", where there are no notices in the language that `key` names. A
// language that nothing is written in would be English without a word. Empty: none is named.
void refuse_unknown_language(std::string_view key, std::string_view language,
                             const Catalogue& catalogue);

// Throws DataError with a line for each error among `findings`.
void refuse_errors(const std::vector<RuleFinding>& findings);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_CONFIG_RESOURCES_H_

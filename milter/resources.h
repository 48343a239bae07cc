// Config -> what every program judges and writes with.
#ifndef PLAINBOUNCE_MILTER_RESOURCES_H_
#define PLAINBOUNCE_MILTER_RESOURCES_H_

#include <vector>

#include "lib/diagnosis/rule_check.h"
#include "lib/rewrite.h"
#include "milter/config.h"

namespace plainbounce {

// Loads knowledge, messages and templates, and tries the examples of the administrator's rules.
// Throws ConfigError: a language that no notice is written in; WordingError; or KnowledgeError: a
// file that can't be used, or, one line for each, the examples that don't do what their rule says.
Resources load_resources(const Config& config);

// The same without trying the examples, for who does so himself.
Resources load_unchecked_resources(const Config& config);

// Throws KnowledgeError with a line for each error among `findings`.
void refuse_errors(const std::vector<RuleFinding>& findings);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_RESOURCES_H_

// Our own rules as one block of bytes, made when the project is built (pack_rules.cc): what is
// known of them then, nobody who starts a program has to wait for.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_RULE_PACK_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_RULE_PACK_H_

#include <string>
#include <string_view>

#include "lib/knowledge/rules.h"

namespace plainbounce {

// For unpack_rules() of the same build and machine.
std::string pack_rules(const RuleSet& rules);

// What pack_rules() made. Throws DataError: it is damaged.
RuleSet unpack_rules(std::string_view bytes);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_RULE_PACK_H_

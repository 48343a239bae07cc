// Replies that no rule knows -> drafts of rules, ready to be corrected and kept.
#ifndef PLAINBOUNCE_LIB_WORKSHOP_RULE_DRAFT_H_
#define PLAINBOUNCE_LIB_WORKSHOP_RULE_DRAFT_H_

#include <string>
#include <vector>

#include "lib/knowledge/knowledge.h"
#include "lib/knowledge/rules.h"
#include "lib/notice/catalogue.h"

namespace plainbounce {

// A rule file: for each wording among `replies` one [[rule]] with a free id, the cause as it is
// judged so far, a generalised pattern, and the reply as its example, without local parts of
// addresses. Comments say what to look at. Replies of one wording make one rule. Total.
std::string draft_rules(const std::vector<RuleExample>& replies, const Knowledge& knowledge,
                        const Catalogue& catalogue);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_WORKSHOP_RULE_DRAFT_H_

// The administrator's own rules -> what is wrong with them, by trying their examples.
#ifndef PLAINBOUNCE_LIB_WORKSHOP_RULE_CHECK_H_
#define PLAINBOUNCE_LIB_WORKSHOP_RULE_CHECK_H_

#include <string>
#include <vector>

#include "lib/knowledge/knowledge.h"

namespace plainbounce {

struct RuleFinding {
  enum class Kind {
    kError,    // the rule doesn't do what its example says: not to be used
    kWarning,  // it does, but hardly what was meant
  };
  Kind kind = Kind::kError;
  std::string file;
  int line = 0;
  std::string message;  // "rule "house-x": ...", "word "mailbox": ..."
};

// "FILE:LINE: warning: MESSAGE"; no word before an error's.
std::string to_string(const RuleFinding& finding);

// Errors: an example that its rule doesn't match, or that ends in another cause. A warning: a rule
// that decides none of its examples, since others win: rules, or for a hint codes, too. In the
// order of the files; takes some 100 microseconds for each example.
std::vector<RuleFinding> check_examples(const Knowledge& knowledge);

// The same, and warnings of what is probably a slip: a rule that has the pattern and conditions of
// another, one that also matches built-in examples of many other causes, a "{Name}" in a pattern
// that is no word, a word that hides another. Takes up to a second: it tries all the built-in
// examples, too.
std::vector<RuleFinding> check_rules(const Knowledge& knowledge);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_WORKSHOP_RULE_CHECK_H_

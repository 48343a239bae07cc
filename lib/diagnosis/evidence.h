// What decided the cause of one delivery's end: a rule, a code, a code's class, the learned model.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_EVIDENCE_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_EVIDENCE_H_

#include <string>

#include "lib/knowledge/rules.h"
#include "lib/reply/enhanced_status.h"

namespace plainbounce {

// Owns what it tells, so that it outlives the rules. Made by the functions below.
struct Evidence {
  enum class Kind {
    kNone,
    kRule,    // the server's words: `rule` and `strength`
    kStatus,  // an enhanced code: `status`
    kReply,   // a reply code: `code`
    kClass,   // no more than success or failure: `code`, 2 to 5
    kModel,   // the learned model (cause_model.h), against what rules and codes say
  };
  Kind kind = Kind::kNone;
  std::string rule;  // the rule's id, as the administrator wrote it
  Strength strength = Strength::kHint;
  EnhancedStatus status;
  int code = 0;

  bool operator==(const Evidence&) const = default;
};

Evidence rule_evidence(const Rule& rule);
Evidence status_evidence(const EnhancedStatus& status);
Evidence reply_evidence(int code);
Evidence class_evidence(int reply_class);
Evidence model_evidence();

// Did words decide that name the cause, and don't only suggest it?
bool is_said_outright(const Evidence& evidence);

// "rule:exim-unrouteable", "status:5.1.1", "reply:550", "class:5", "model", "none"
std::string to_string(const Evidence& evidence);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_EVIDENCE_H_

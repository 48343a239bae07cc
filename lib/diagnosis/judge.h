// The evidence of one delivery -> its cause: which of the rules, codes and classes decides.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_JUDGE_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_JUDGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"

namespace plainbounce {

// What is known of why one delivery failed or waits.
struct Evidence {
  std::vector<std::string_view> texts;   // in order of trust: the diagnostic, then the notification
  int code = 0;                          // reply code; 0: none
  std::optional<EnhancedStatus> status;  // the reply's own, else the Status field
  Stage stage = Stage::kUnknown;
  std::string_view provider;  // id; empty: unknown
};

struct Verdict {
  Cause cause = Cause::kUnexplained;
  Confidence confidence = Confidence::kUnsure;
  std::string evidence = "none";  // as RecipientDiagnosis::evidence
  bool expired = false;  // the words or codes say that the message was retried until it expired
  Captures captures;     // of every rule that supports the cause
};

// Strongest first (the order is tested): a decisive rule; a strong rule of the provider's own; a
// reliable code that only the provider defines; a strong rule; a reliable code; an enhanced code
// that is mostly right; a reply code likewise; a rule that hints; an overloaded code; the class.
// Where strong rules disagree, an enhanced code that confirms one of them decides. What says no
// more than that the message expired gives way to what kept failing.
Verdict judge(const Evidence& evidence, const Knowledge& knowledge);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_JUDGE_H_

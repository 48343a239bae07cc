// The evidence of one delivery -> its cause: which of the rules, codes and classes decides.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_JUDGE_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_JUDGE_H_

#include <string_view>
#include <vector>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"
#include "lib/reply/hearing.h"

namespace plainbounce {

struct Verdict {
  Cause cause = Cause::kUnexplained;
  Confidence confidence = Confidence::kUnsure;
  Evidence evidence;
  bool expired = false;  // the words or codes say that the message was retried until it expired
  Captures captures;     // of every rule that supports the cause
  std::vector<const Rule*> rules;  // of judge_by_rules(): all that match, best first for each text
  bool agreed = false;    // rules and codes were certain of it, and the learned model agreed
  float probability = 0;  // as the learned model has it; 0: it wasn't asked
};

// What rules and codes say, and the learned model of the words and of what they say. The
// administrator's own rules have the last word, and words that can mean nothing else keep their
// cause; otherwise the most probable cause wins. How sure it is was measured on replies that were
// held out: by the model's probability of the cause, whoever named it.
Verdict judge(const Hearing& hearing, std::string_view provider, const Knowledge& knowledge);

// Rules and codes alone. Strongest first (the order is tested): a decisive rule; a strong rule of
// the provider's own; a reliable code that only the provider defines; a strong rule; a reliable
// code; an enhanced code that is mostly right; a reply code likewise; a rule that hints; an
// overloaded code; the class. Where strong rules disagree, an enhanced code that confirms one of
// them decides. What says no more than that the message expired gives way to what kept failing.
// `provider`: id; empty: unknown.
Verdict judge_by_rules(const Hearing& hearing, std::string_view provider,
                       const Knowledge& knowledge);

// Those of `rules` that judge() finds: whose pattern and conditions hold, best first for each text.
std::vector<const Rule*> matching_rules(const Hearing& hearing, std::string_view provider,
                                        const RuleSet& rules);

// Is `rule`, one of `rules`, among them?
bool is_matching(const Rule& rule, const Hearing& hearing, std::string_view provider,
                 const RuleSet& rules);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_JUDGE_H_

// What rules and codes make of a reply, and its words -> what the learned model makes of both.
//
// The one place where a reply's features are put together, for training and for judging alike.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_SECOND_READER_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_SECOND_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/diagnosis/judge.h"
#include "lib/knowledge/cause_model.h"
#include "lib/reply/hearing.h"

namespace plainbounce {

// A feature's name, for people, and how much it counts. The words' together have length 1.
struct NamedFeature {
  std::string name;  // reply_feature_names(), "provider=gmail", "rules=mailbox-full"
  float value = 0;
};

// `by_rules`: judge_by_rules()'s; null: rules and codes are left out, as in training by replies
// that the rules were written from.
std::vector<NamedFeature> named_features(const Hearing& hearing, std::string_view provider,
                                         const Verdict* by_rules);

// The same, hashed.
std::vector<WeightedFeature> weighted_features(const Hearing& hearing, std::string_view provider,
                                               const Verdict* by_rules);

// What rules and codes have come to -> what the learned model makes of it: its cause, unless words
// can mean nothing else or it knows none where rules and codes prove one, and how sure that is.
void ask_model(const Hearing& hearing, std::string_view provider, const Knowledge& knowledge,
               Verdict& verdict);

// The confidence in a cause that the learned model finds that probable. What has no cause is
// unsure.
Confidence confidence_of(Cause cause, float probability, const Calibration& calibration);

// The verdict's confidence. What words say that can mean nothing else (a decisive rule), and what
// rules and model agree on, is never unsure.
Confidence at_least_likely(const Verdict& verdict);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_SECOND_READER_H_

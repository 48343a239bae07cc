#include "lib/diagnosis/second_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/reply/reply_features.h"

namespace plainbounce {
namespace {

// How much the verdict of rules and codes counts beside the words; found by holding out sources
// (docs/accuracy.md).
constexpr float kRulesValue = 0.3F;

// The first text that has words: a program's exit status alone says less than what it printed.
std::string_view heard_words(const Hearing& hearing) {
  const auto has_words = std::find_if(hearing.texts.begin(), hearing.texts.end(),
                                      [](const HeardText& heard) { return heard.has_words(); });
  return has_words == hearing.texts.end() ? std::string_view() : has_words->text();
}

// The status is the report's where the reply has none that tells something.
Reply heard_codes(const Hearing& hearing) {
  Reply reply;
  reply.code = hearing.reply.code;
  reply.status = hearing.status;
  reply.stage = hearing.reply.stage;
  return reply;
}

float value_of_each(std::size_t features) {
  return features == 0 ? 0 : 1 / std::sqrt(static_cast<float>(features));
}

std::vector<std::string> verdict_names(const Verdict& verdict) {
  const std::string cause(id_of(verdict.cause));
  std::string kind = to_string(verdict.evidence);
  kind = std::string(id_of(verdict.confidence)) + " by " + kind.substr(0, kind.find(':'));
  return {"rules=" + cause, "rules " + kind, "rules=" + cause + " " + kind};
}

std::vector<std::string> context_names(std::string_view provider) {
  if (provider.empty()) return {};
  return {"provider=" + std::string(provider)};
}

// The words' features with those of the context and the verdict, each made of its name by `make`.
template <typename Weighted, typename Key, typename Make>
std::vector<Weighted> assemble(std::vector<Key> keys, std::string_view provider,
                               const Verdict* by_rules, Make make) {
  for (const std::string& name : context_names(provider)) keys.push_back(make(name));
  const float value = value_of_each(keys.size());
  std::vector<Weighted> features;
  features.reserve(keys.size() + 3);
  for (Key& key : keys) features.push_back({std::move(key), value});
  if (by_rules == nullptr) return features;
  for (const std::string& name : verdict_names(*by_rules)) {
    features.push_back({make(name), kRulesValue});
  }
  return features;
}

}  // namespace

std::vector<NamedFeature> named_features(const Hearing& hearing, std::string_view provider,
                                         const Verdict* by_rules) {
  return assemble<NamedFeature>(reply_feature_names(heard_words(hearing), heard_codes(hearing)),
                                provider, by_rules, [](const std::string& name) { return name; });
}

std::vector<WeightedFeature> weighted_features(const Hearing& hearing, std::string_view provider,
                                               const Verdict* by_rules) {
  return assemble<WeightedFeature>(reply_features(heard_words(hearing), heard_codes(hearing)),
                                   provider, by_rules, feature_of);
}

namespace {

bool is_decisive(const Verdict& verdict) {
  return verdict.evidence.kind == Evidence::Kind::kRule &&
         verdict.evidence.strength == Strength::kDecisive;
}

// Whatever the words sound like, 4 and 5 are no success.
bool may_be_success(const Hearing& hearing) {
  const int told = class_of(hearing.reply.code, hearing.status);
  return told != 4 && told != 5;
}

Cause most_probable(const CauseProbabilities& probabilities, bool may_succeed,
                    const CauseTable& causes) {
  Cause best = Cause::kUnexplained;
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    if (causes[cause].success && !may_succeed) continue;
    if (probabilities[i] > probabilities[static_cast<std::size_t>(best)]) best = cause;
  }
  return best;
}

// Words that can mean nothing else keep their cause, and nothing is better than what rules or codes
// prove.
Cause cause_for(const Verdict& by_rules, Cause most_probable) {
  if (is_decisive(by_rules)) return by_rules.cause;
  const bool proved = by_rules.confidence != Confidence::kUnsure;
  return most_probable == Cause::kUnexplained && proved ? by_rules.cause : most_probable;
}

}  // namespace

void ask_model(const Hearing& hearing, std::string_view provider, const Knowledge& knowledge,
               Verdict& verdict) {
  const CauseModel& model = knowledge.cause_model();
  const CauseProbabilities probabilities =
      model.probabilities(weighted_features(hearing, provider, &verdict));
  const Cause cause =
      cause_for(verdict, most_probable(probabilities, may_be_success(hearing), knowledge.causes()));
  verdict.agreed = verdict.confidence == Confidence::kCertain && cause == verdict.cause;
  verdict.probability = probabilities[static_cast<std::size_t>(cause)];
  verdict.confidence = confidence_of(cause, verdict.probability, model.calibration());
  verdict.confidence = at_least_likely(verdict);
  if (cause == verdict.cause) return;
  verdict.cause = cause;
  verdict.evidence = model_evidence();
}

Confidence confidence_of(Cause cause, float probability, const Calibration& calibration) {
  if (cause == Cause::kUnexplained) return Confidence::kUnsure;
  if (probability >= calibration.certain) return Confidence::kCertain;
  return probability >= calibration.likely ? Confidence::kLikely : Confidence::kUnsure;
}

Confidence at_least_likely(const Verdict& verdict) {
  const bool raised =
      (is_decisive(verdict) || verdict.agreed) && verdict.confidence == Confidence::kUnsure;
  return raised ? Confidence::kLikely : verdict.confidence;
}

}  // namespace plainbounce

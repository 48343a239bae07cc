#include "lib/diagnosis/judge.h"

#include <fmt/format.h>

#include <algorithm>

namespace plainbounce {
namespace {

// How much a piece of evidence weighs; higher decides.
enum class Weight {
  kNothing,
  kOverloadedReply,
  kOverloadedStatus,
  kHintingRule,
  kMostlyReply,
  kMostlyStatus,
  kReliableCode,
  kStrongRule,
  kDecisiveRule,
};

struct Candidate {
  Weight weight = Weight::kNothing;
  Cause cause = Cause::kUnexplained;
  std::string evidence = "none";
};

Weight weight_of(Strength strength) {
  switch (strength) {
    case Strength::kHint:
      return Weight::kHintingRule;
    case Strength::kStrong:
      return Weight::kStrongRule;
    case Strength::kDecisive:
      return Weight::kDecisiveRule;
  }
  return Weight::kNothing;
}

Weight weight_of_status(Reliability reliability) {
  switch (reliability) {
    case Reliability::kReliable:
      return Weight::kReliableCode;
    case Reliability::kMostly:
      return Weight::kMostlyStatus;
    case Reliability::kOverloaded:
      return Weight::kOverloadedStatus;
  }
  return Weight::kNothing;
}

Weight weight_of_reply(Reliability reliability) {
  switch (reliability) {
    case Reliability::kReliable:
      return Weight::kReliableCode;
    case Reliability::kMostly:
      return Weight::kMostlyReply;
    case Reliability::kOverloaded:
      return Weight::kOverloadedReply;
  }
  return Weight::kNothing;
}

// What the rules find in the texts.
struct Wording {
  std::vector<const Rule*> rules;  // best first, without those on expiry
  Candidate best;
  bool expired = false;
};

Wording read_wording(const Evidence& evidence, const Knowledge& knowledge) {
  Wording wording;
  const RuleContext context{evidence.provider, evidence.code, evidence.status, evidence.stage};
  for (const std::string_view text : evidence.texts) {
    for (const Rule* const rule : knowledge.rules().matches(text, context)) {
      if (rule->cause == Cause::kDeliveryTimedOut) {
        wording.expired = true;
        continue;
      }
      wording.rules.push_back(rule);
      const Weight weight = weight_of(rule->strength);
      if (weight > wording.best.weight) {
        wording.best = {weight, rule->cause, fmt::format("rule:{}", rule->id)};
      }
    }
  }
  return wording;
}

// What an enhanced code says by itself. Several rows of equal standing that disagree are a hint
// only.
Candidate read_status(const Evidence& evidence, const Knowledge& knowledge) {
  Candidate best;
  if (!evidence.status) return best;
  const EnhancedStatus& status = *evidence.status;
  for (const StatusCodeEntry* const row :
       knowledge.codes().status_code(status, evidence.provider)) {
    const auto cause = row->cause_for_class(status.status_class);
    if (!cause || *cause == Cause::kUnexplained) continue;
    if (best.weight == Weight::kNothing) {
      best = {weight_of_status(row->reliability), *cause,
              fmt::format("status:{}", to_string(status))};
    } else if (!row->provider.empty() && *cause != best.cause) {
      best.weight = Weight::kOverloadedStatus;
    }
  }
  return best;
}

Candidate read_reply_code(const Evidence& evidence, const Knowledge& knowledge) {
  const ReplyCodeEntry* const row = knowledge.codes().reply_code(evidence.code);
  if (row == nullptr || !row->cause || *row->cause == Cause::kUnexplained) return {};
  return {weight_of_reply(row->reliability), *row->cause, fmt::format("reply:{}", evidence.code)};
}

bool is_expiry(const EnhancedStatus& status) { return status.subject == 4 && status.detail == 7; }

// A cause that two independent witnesses name, or words that can mean nothing else.
Confidence confidence_in(const Candidate& winner, const Candidate& second, const Candidate& third) {
  const bool confirmed = (second.weight != Weight::kNothing && second.cause == winner.cause) ||
                         (third.weight != Weight::kNothing && third.cause == winner.cause);
  if (winner.weight == Weight::kDecisiveRule) return Confidence::kCertain;
  if (winner.weight >= Weight::kReliableCode) {
    return confirmed ? Confidence::kCertain : Confidence::kLikely;
  }
  if (winner.weight >= Weight::kHintingRule) {
    return confirmed || winner.weight > Weight::kHintingRule ? Confidence::kLikely
                                                             : Confidence::kUnsure;
  }
  return Confidence::kUnsure;
}

std::string class_evidence(const Evidence& evidence) {
  if (evidence.code != 0) return fmt::format("class:{}", evidence.code / 100);
  if (evidence.status) return fmt::format("class:{}", evidence.status->status_class);
  return "none";
}

// Captures of every rule that speaks for the cause, the best rule's first.
Captures collect_captures(const Wording& wording, const Evidence& evidence, Cause cause,
                          const Knowledge& knowledge) {
  Captures all;
  for (const Rule* const rule : wording.rules) {
    if (rule->cause != cause) continue;
    for (const std::string_view text : evidence.texts) {
      for (auto& capture : knowledge.rules().captures(*rule, text)) {
        const bool known = std::any_of(all.begin(), all.end(), [&](const auto& other) {
          return other.first == capture.first;
        });
        if (!known) all.push_back(std::move(capture));
      }
    }
  }
  return all;
}

}  // namespace

Verdict judge(const Evidence& evidence, const Knowledge& knowledge) {
  const Wording wording = read_wording(evidence, knowledge);
  Candidate status = read_status(evidence, knowledge);
  Candidate reply = read_reply_code(evidence, knowledge);

  Verdict verdict;
  verdict.expired = wording.expired || (evidence.status && is_expiry(*evidence.status));
  for (Candidate* const candidate : {&status, &reply}) {
    if (candidate->cause == Cause::kDeliveryTimedOut) *candidate = {};
  }
  Candidate winner = wording.best;
  for (const Candidate& other : {status, reply}) {
    if (other.weight > winner.weight) winner = other;
  }
  if (winner.weight == Weight::kNothing) {
    verdict.evidence = class_evidence(evidence);
    if (verdict.expired) {
      verdict.cause = Cause::kDeliveryTimedOut;
      verdict.confidence = Confidence::kLikely;
    }
    return verdict;
  }
  const bool rule_won = winner.evidence == wording.best.evidence;
  const Candidate& first_witness = rule_won ? status : wording.best;
  const bool reply_won = winner.evidence == reply.evidence;
  verdict.cause = winner.cause;
  verdict.confidence = confidence_in(winner, first_witness, reply_won ? status : reply);
  verdict.evidence = winner.evidence;
  verdict.captures = collect_captures(wording, evidence, winner.cause, knowledge);
  return verdict;
}

}  // namespace plainbounce

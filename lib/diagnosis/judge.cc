#include "lib/diagnosis/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/diagnosis/wording_text.h"

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
  kReliableVendorCode,  // what the provider itself says that its code means
  kStrongProviderRule,
  kDecisiveRule,
};

struct Candidate {
  Weight weight = Weight::kNothing;
  Cause cause = Cause::kUnexplained;
  std::string evidence = "none";
};

Weight weight_of(const Rule& rule) {
  switch (rule.strength) {
    case Strength::kHint:
      return Weight::kHintingRule;
    case Strength::kStrong:
      return rule.providers.empty() ? Weight::kStrongRule : Weight::kStrongProviderRule;
    case Strength::kDecisive:
      return Weight::kDecisiveRule;
  }
  return Weight::kNothing;
}

Weight weight_of_status(const StatusCodeEntry& row) {
  switch (row.reliability) {
    case Reliability::kReliable:
      return row.provider.empty() ? Weight::kReliableCode : Weight::kReliableVendorCode;
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
  std::vector<std::string> texts;  // as evidence.texts, without the codes within
  std::vector<const Rule*> rules;  // best first for each text, without those on expiry
  Candidate best;
  bool disputed = false;  // another rule of the same weight names another cause
  bool expired = false;
};

// Has the rule itself asked for a code?
bool asks_for_code(const Rule& rule) { return !rule.codes.empty() || !rule.statuses.empty(); }

// Of several rules of the best weight the first wins, unless it asks for no code and the enhanced
// code takes sides: then the first that names its cause.
Candidate best_of(const std::vector<const Rule*>& rules, const Candidate& status) {
  if (rules.empty()) return {};
  const Rule* best = rules.front();
  const Weight weight = weight_of(*best);
  if (weight == Weight::kStrongRule && status.weight >= Weight::kMostlyStatus &&
      !asks_for_code(*best)) {
    const auto confirmed = std::find_if(rules.begin(), rules.end(), [&](const Rule* rule) {
      return weight_of(*rule) == weight && rule->cause == status.cause;
    });
    if (confirmed != rules.end()) best = *confirmed;
  }
  return {weight, best->cause, fmt::format("rule:{}", best->id)};
}

Wording read_wording(const Evidence& evidence, const Candidate& status,
                     const Knowledge& knowledge) {
  Wording wording;
  const RuleContext context{evidence.provider, evidence.code, evidence.status, evidence.stage};
  for (const std::string_view text : evidence.texts) {
    const std::string& joined = wording.texts.emplace_back(join_reply_lines(text));
    std::vector<const Rule*> rules;
    for (const Rule* const rule : knowledge.rules().matches(mask_local_parts(joined), context)) {
      const bool on_expiry = rule->cause == Cause::kDeliveryTimedOut;
      wording.expired = wording.expired || on_expiry;
      if (!on_expiry) rules.push_back(rule);
    }
    Candidate best = best_of(rules, status);
    if (best.weight > wording.best.weight) {
      wording.best = std::move(best);
      wording.disputed = std::any_of(rules.begin(), rules.end(), [&](const Rule* rule) {
        return weight_of(*rule) == wording.best.weight && rule->cause != wording.best.cause;
      });
    }
    wording.rules.insert(wording.rules.end(), rules.begin(), rules.end());
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
      best = {weight_of_status(*row), *cause, fmt::format("status:{}", to_string(status))};
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

bool confirms(const Candidate& witness, const Candidate& winner) {
  return witness.weight >= Weight::kHintingRule && witness.cause == winner.cause;
}

// Certain: a cause that two independent witnesses name and no equal one denies, or words that can
// mean nothing else.
Confidence confidence_in(const Candidate& winner, bool confirmed, bool disputed) {
  if (winner.weight == Weight::kDecisiveRule) return Confidence::kCertain;
  if (winner.weight > Weight::kHintingRule) {
    const bool certain = confirmed && !disputed && winner.weight >= Weight::kReliableCode;
    return certain ? Confidence::kCertain : Confidence::kLikely;
  }
  return winner.weight == Weight::kHintingRule && confirmed ? Confidence::kLikely
                                                            : Confidence::kUnsure;
}

std::string class_evidence(const Evidence& evidence) {
  if (evidence.code != 0) return fmt::format("class:{}", evidence.code / 100);
  if (evidence.status) return fmt::format("class:{}", evidence.status->status_class);
  return "none";
}

// Captures of every rule that speaks for the cause, the best rule's first.
Captures collect_captures(const Wording& wording, Cause cause, const Knowledge& knowledge) {
  Captures all;
  for (const Rule* const rule : wording.rules) {
    if (rule->cause != cause) continue;
    for (const std::string& text : wording.texts) {
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
  Candidate status = read_status(evidence, knowledge);
  const Wording wording = read_wording(evidence, status, knowledge);
  Candidate reply = read_reply_code(evidence, knowledge);

  Verdict verdict;
  verdict.expired = wording.expired || (evidence.status && is_expiry(*evidence.status));
  for (Candidate* const candidate : {&status, &reply}) {
    if (candidate->cause == Cause::kDeliveryTimedOut) *candidate = {};
  }
  const std::array<Candidate, 3> witnesses = {wording.best, status, reply};
  Candidate winner;
  for (const Candidate& witness : witnesses) {
    if (witness.weight > winner.weight) winner = witness;
  }
  if (winner.weight == Weight::kNothing) {
    verdict.evidence = class_evidence(evidence);
    if (verdict.expired) {
      verdict.cause = Cause::kDeliveryTimedOut;
      verdict.confidence = Confidence::kLikely;
    }
    return verdict;
  }
  const bool confirmed = std::any_of(witnesses.begin(), witnesses.end(), [&](const auto& witness) {
    return witness.evidence != winner.evidence && confirms(witness, winner);
  });
  verdict.cause = winner.cause;
  verdict.confidence = confidence_in(winner, confirmed, wording.disputed);
  verdict.evidence = winner.evidence;
  verdict.captures = collect_captures(wording, winner.cause, knowledge);
  return verdict;
}

}  // namespace plainbounce

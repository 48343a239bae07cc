#include "lib/diagnosis/judge.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/diagnosis/second_reader.h"

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
  kReliableVendorCode,  // a code that only its provider defines
  kStrongProviderRule,
  kDecisiveRule,
};

struct Candidate {
  Weight weight = Weight::kNothing;
  Cause cause = Cause::kUnexplained;
  Evidence evidence;
};

bool is_none(const Evidence& evidence) { return evidence.kind == Evidence::Kind::kNone; }

// `provider`: whose reply it is; empty: unknown. Another's code may look like a provider's own.
Weight weight_of(const Rule& rule, std::string_view provider) {
  const bool is_anothers = !rule.code_of.empty() && !provider.empty() && provider != rule.code_of;
  switch (rule.strength) {
    case Strength::kHint:
      return Weight::kHintingRule;
    case Strength::kStrong:
      return rule.providers.empty() ? Weight::kStrongRule : Weight::kStrongProviderRule;
    case Strength::kDecisive:
      return is_anothers ? Weight::kStrongRule : Weight::kDecisiveRule;
  }
  return Weight::kNothing;
}

Weight weight_of_status(Reliability reliability, bool vendors_own) {
  switch (reliability) {
    case Reliability::kReliable:
      return vendors_own ? Weight::kReliableVendorCode : Weight::kReliableCode;
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
  std::vector<const Rule*> rules;  // best first for each text, without those on expiry
  Candidate best;
  bool disputed = false;  // another rule of the same weight names another cause
  Evidence expiry;        // that the message expired; kNone: nothing says so
};

// Has the rule itself asked for a code?
bool asks_for_code(const Rule& rule) { return !rule.codes.empty() || !rule.statuses.empty(); }

// Of several rules of the best weight the first wins, unless it asks for no code and the enhanced
// code takes sides: then the first that names its cause.
Candidate best_of(const std::vector<const Rule*>& rules, std::string_view provider,
                  const Candidate& status, const CauseTable& causes) {
  if (rules.empty()) return {};
  const Rule* best =
      *std::max_element(rules.begin(), rules.end(), [&](const Rule* a, const Rule* b) {
        return weight_of(*a, provider) < weight_of(*b, provider);
      });
  const Weight weight = weight_of(*best, provider);
  if (weight == Weight::kStrongRule && status.weight >= Weight::kMostlyStatus &&
      !causes[status.cause].vague && !asks_for_code(*best)) {
    const auto confirmed = std::find_if(rules.begin(), rules.end(), [&](const Rule* rule) {
      return weight_of(*rule, provider) == weight && rule->cause == status.cause;
    });
    if (confirmed != rules.end()) best = *confirmed;
  }
  // That a delivery command failed says less than for want of what, and the like.
  if (weight == Weight::kStrongRule) {
    const auto exact = std::find_if(rules.begin(), rules.end(), [&](const Rule* rule) {
      return weight_of(*rule, provider) == weight &&
             causes[rule->cause].more_exact_than == best->cause;
    });
    if (exact != rules.end()) best = *exact;
  }
  return {weight, best->cause, rule_evidence(*best)};
}

RuleContext rule_context(const Hearing& hearing, std::string_view provider) {
  return {provider, hearing.reply.code, hearing.status, hearing.reply.stage};
}

Wording read_wording(const Hearing& hearing, std::string_view provider, const Candidate& status,
                     const Knowledge& knowledge) {
  Wording wording;
  const RuleContext context = rule_context(hearing, provider);
  for (const HeardText& heard : hearing.texts) {
    std::vector<const Rule*> rules;
    for (const Rule* const rule : knowledge.rules().matches(heard, context)) {
      if (rule->cause != Cause::kDeliveryTimedOut) {
        rules.push_back(rule);
      } else if (is_none(wording.expiry)) {
        wording.expiry = rule_evidence(*rule);
      }
    }
    // What the server said is not doubted for what another wrote about it.
    const Candidate best = best_of(rules, provider, status, knowledge.causes());
    if (wording.best.weight < Weight::kStrongRule && best.weight > wording.best.weight) {
      wording.best = best;
      wording.disputed = std::any_of(rules.begin(), rules.end(), [&](const Rule* rule) {
        return weight_of(*rule, provider) == best.weight && rule->cause != best.cause;
      });
    }
    wording.rules.insert(wording.rules.end(), rules.begin(), rules.end());
  }
  return wording;
}

// A code that only some providers use, in a reply of nobody knows whom: a hint, where they agree.
Candidate read_anyones_status(const EnhancedStatus& status, const Knowledge& knowledge) {
  std::optional<Cause> told;
  for (const StatusCodeEntry* const row : knowledge.codes().all_meanings(status)) {
    const auto cause = row->cause_for_class(status.status_class);
    if (!cause || (told && told != cause)) return {};
    told = cause;
  }
  if (!told || told == Cause::kUnexplained) return {};
  return {Weight::kOverloadedStatus, *told, status_evidence(status)};
}

// What an enhanced code says by itself. Several rows of equal standing that disagree are a hint
// only.
Candidate read_status(const Hearing& hearing, std::string_view provider,
                      const Knowledge& knowledge) {
  Candidate best;
  if (!hearing.status) return best;
  const EnhancedStatus& status = *hearing.status;
  const auto rows = knowledge.codes().status_code(status, provider);
  if (rows.empty() && provider.empty()) return read_anyones_status(status, knowledge);
  // A code that no standard has, the provider made up for this very case.
  const bool vendors_own = std::none_of(
      rows.begin(), rows.end(), [](const StatusCodeEntry* row) { return row->provider.empty(); });
  for (const StatusCodeEntry* const row : rows) {
    const auto cause = row->cause_for_class(status.status_class);
    if (!cause || *cause == Cause::kUnexplained) continue;
    if (best.weight == Weight::kNothing) {
      best = {weight_of_status(row->reliability, vendors_own), *cause, status_evidence(status)};
    } else if (!row->provider.empty() && *cause != best.cause) {
      best.weight = Weight::kOverloadedStatus;
    }
  }
  return best;
}

// A code that mostly speaks of the recipient can't where another command was answered. DATA alone
// tells nothing: with pipelining its reply may be about an earlier command.
Cause cause_at_stage(Cause cause, Stage stage, const CauseTable& causes) {
  const bool open = stage == Stage::kUnknown || stage == Stage::kRcpt || stage == Stage::kData;
  if (open) return cause;
  const CauseEntry& entry = causes[cause];
  return (stage == Stage::kMail ? entry.at_mail : entry.at_others).value_or(cause);
}

Candidate read_reply_code(const Hearing& hearing, const Knowledge& knowledge) {
  const ReplyCodeEntry* const row = knowledge.codes().reply_code(hearing.reply.code);
  if (row == nullptr || !row->cause || *row->cause == Cause::kUnexplained) return {};
  const Cause cause = cause_at_stage(*row->cause, hearing.reply.stage, knowledge.causes());
  return {weight_of_reply(row->reliability), cause, reply_evidence(hearing.reply.code)};
}

bool confirms(const Candidate& witness, const Candidate& winner) {
  return witness.weight >= Weight::kHintingRule && witness.cause == winner.cause;
}

// Certain: a cause that two independent witnesses name and no equal one denies, or words that can
// mean nothing else.
Confidence confidence_in(const Candidate& winner, bool confirmed, bool disputed) {
  if (winner.weight == Weight::kDecisiveRule) return Confidence::kCertain;
  if (winner.weight > Weight::kHintingRule) {
    // A code that only mostly means it proves nothing alone.
    const bool proves = winner.weight >= Weight::kReliableCode;
    if (!proves && !confirmed) return Confidence::kUnsure;
    return proves && confirmed && !disputed ? Confidence::kCertain : Confidence::kLikely;
  }
  return winner.weight == Weight::kHintingRule && confirmed ? Confidence::kLikely
                                                            : Confidence::kUnsure;
}

Evidence evidence_by_class(const Hearing& hearing) {
  if (hearing.reply.code != 0) return class_evidence(hearing.reply.code / 100);
  if (hearing.status) return class_evidence(hearing.status->status_class);
  return {};
}

// Captures of every rule that speaks for the cause, the best rule's first.
Captures collect_captures(const Hearing& hearing, const Wording& wording, Cause cause,
                          const Knowledge& knowledge) {
  Captures all;
  for (const Rule* const rule : wording.rules) {
    if (rule->cause != cause) continue;
    for (const HeardText& heard : hearing.texts) {
      for (auto& capture : knowledge.rules().captures(*rule, heard)) {
        const bool known = std::any_of(all.begin(), all.end(), [&](const auto& other) {
          return other.first == capture.first;
        });
        if (!known) all.push_back(std::move(capture));
      }
    }
  }
  return all;
}

// What says that the message expired, taken off the witnesses of a cause; kNone: nothing does.
Evidence take_expiry(const Wording& wording, Candidate& status, Candidate& reply) {
  Evidence evidence = wording.expiry;
  for (Candidate* const candidate : {&status, &reply}) {
    if (candidate->cause != Cause::kDeliveryTimedOut) continue;
    if (is_none(evidence)) evidence = candidate->evidence;
    *candidate = {};
  }
  return evidence;
}

Verdict verdict_without_cause(const Hearing& hearing, const Evidence& expiry) {
  Verdict verdict;
  verdict.evidence = evidence_by_class(hearing);
  if (is_none(expiry)) return verdict;
  verdict.expired = true;
  verdict.cause = Cause::kDeliveryTimedOut;
  verdict.confidence = Confidence::kLikely;
  verdict.evidence = expiry;
  return verdict;
}

// What rules and codes say, and the rules that they are taken from.
struct RulesJudgement {
  Verdict verdict;  // without captures
  Wording wording;
};

RulesJudgement ask_rules(const Hearing& hearing, std::string_view provider,
                         const Knowledge& knowledge) {
  RulesJudgement judgement;
  Candidate status = read_status(hearing, provider, knowledge);
  judgement.wording = read_wording(hearing, provider, status, knowledge);
  const Wording& wording = judgement.wording;
  // Before any recipient is named, words about an address are about the sender's.
  Candidate& words = judgement.wording.best;
  if (hearing.reply.stage == Stage::kMail && knowledge.cause(words.cause).about_address) {
    words.cause = Cause::kSenderAddressRefused;
  }
  Candidate reply = read_reply_code(hearing, knowledge);
  const Evidence expiry = take_expiry(wording, status, reply);

  const std::array<Candidate, 3> witnesses = {wording.best, status, reply};
  Candidate winner;
  for (const Candidate& witness : witnesses) {
    if (witness.weight > winner.weight) winner = witness;
  }
  // An overloaded code explains less than that the message expired.
  const Weight least = is_none(expiry) ? Weight::kOverloadedReply : Weight::kHintingRule;
  if (winner.weight < least) {
    judgement.verdict = verdict_without_cause(hearing, expiry);
    return judgement;
  }
  const bool confirmed = std::any_of(witnesses.begin(), witnesses.end(), [&](const auto& witness) {
    return witness.evidence != winner.evidence && confirms(witness, winner);
  });
  Verdict& verdict = judgement.verdict;
  verdict.cause = winner.cause;
  verdict.confidence = confidence_in(winner, confirmed, wording.disputed);
  verdict.evidence = winner.evidence;
  verdict.expired = !is_none(expiry);
  return judgement;
}

// Was the cause taken from the words of a rule of the administrator's?
bool is_own(const Verdict& verdict, const Knowledge& knowledge) {
  const auto own = knowledge.own_rules();
  return verdict.evidence.kind == Evidence::Kind::kRule &&
         std::any_of(own.begin(), own.end(),
                     [&](const Rule& rule) { return rule.id == verdict.evidence.rule; });
}

bool has_words(const Hearing& hearing) {
  return std::any_of(hearing.texts.begin(), hearing.texts.end(),
                     [](const HeardText& heard) { return heard.has_words(); });
}

}  // namespace

Verdict judge(const Hearing& hearing, std::string_view provider, const Knowledge& knowledge) {
  RulesJudgement judgement = ask_rules(hearing, provider, knowledge);
  Verdict& verdict = judgement.verdict;
  // What rules prove to be of a cause that nobody has taught it yet it could only deny.
  const CauseModel& model = knowledge.cause_model();
  const bool is_new = verdict.confidence != Confidence::kUnsure && !model.knows(verdict.cause);
  const bool is_asked =
      !model.empty() && !is_new && has_words(hearing) && !is_own(verdict, knowledge);
  if (is_asked) {
    ask_model(hearing, provider, knowledge, verdict);
  }
  verdict.captures = collect_captures(hearing, judgement.wording, verdict.cause, knowledge);
  return std::move(judgement.verdict);
}

Verdict judge_by_rules(const Hearing& hearing, std::string_view provider,
                       const Knowledge& knowledge) {
  RulesJudgement judgement = ask_rules(hearing, provider, knowledge);
  judgement.verdict.rules = std::move(judgement.wording.rules);
  return std::move(judgement.verdict);
}

std::vector<const Rule*> matching_rules(const Hearing& hearing, std::string_view provider,
                                        const RuleSet& rules) {
  std::vector<const Rule*> all;
  for (const HeardText& heard : hearing.texts) {
    const auto found = rules.matches(heard, rule_context(hearing, provider));
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

bool is_matching(const Rule& rule, const Hearing& hearing, std::string_view provider,
                 const RuleSet& rules) {
  const RuleContext context = rule_context(hearing, provider);
  return std::any_of(hearing.texts.begin(), hearing.texts.end(),
                     [&](const HeardText& heard) { return rules.holds(rule, heard, context); });
}

}  // namespace plainbounce

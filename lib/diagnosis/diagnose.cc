#include "lib/diagnosis/diagnose.h"

#include <algorithm>
#include <set>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/diagnosis/fill_facts.h"
#include "lib/diagnosis/judge.h"
#include "lib/diagnosis/meant_address.h"
#include "lib/diagnosis/side.h"
#include "lib/mail/address.h"
#include "lib/reply/hearing.h"

namespace plainbounce {
namespace {

// What stands behind the code in a Status field: "4.2.2 (Over quota)" (RFC 3464 section 2.3.4).
std::string_view comment_of(std::string_view status_text) {
  const std::size_t blank = status_text.find(' ');
  return blank == std::string_view::npos ? std::string_view() : status_text.substr(blank + 1);
}

// `remote_mta`: as the report names it.
const Provider* find_provider(const Hearing& hearing, std::string_view remote_mta,
                              std::string_view reporting_mta, const Knowledge& knowledge) {
  const Providers& providers = knowledge.providers();
  const Reply& reply = hearing.reply;
  // The name that the reply gives its host may be what Remote-MTA lacks, or an address only.
  if (const Provider* const provider = providers.by_host(reply.host)) return provider;
  if (const Provider* const provider = providers.by_host(remote_mta)) return provider;
  for (const HeardText& heard : hearing.texts) {
    if (const Provider* const provider = providers.by_signature(heard.said())) return provider;
  }
  // Where no other server is named, the reporting MTA speaks for itself.
  const bool is_named = !reply.host.empty() || !remote_mta.empty();
  return is_named ? nullptr : providers.by_host(reporting_mta);
}

void set_provider(const Provider* provider, Facts& facts) {
  if (provider == nullptr) return;
  facts.provider = provider->id;
  facts.provider_name = provider->name;
  facts.provider_is_software = provider->software;
}

// Did the report come at once? Then nothing was tried again, whatever class the codes are of: the
// longest, in seconds, that the first attempt may have taken.
constexpr std::int64_t kOneAttempt = 120;

bool is_immediate(const Report& report, const RecipientReport& recipient) {
  const auto& end = recipient.last_attempt ? recipient.last_attempt : report.date;
  // Postfix never gives up on a temporary failure at once.
  if (!report.arrival_date || !end || report.by_postfix) return false;
  const std::int64_t seconds = end->unix_seconds - report.arrival_date->unix_seconds;
  return seconds >= 0 && seconds <= kOneAttempt;
}

Outcome outcome_of_failure(const RecipientReport& recipient, const RecipientDiagnosis& diagnosis,
                           bool expired, bool at_once) {
  if (!expired && at_once) return Outcome::kFailed;
  const bool temporary = class_of(diagnosis.reply.code, recipient.status) == 4 ||
                         (recipient.status && recipient.status->status_class == 4);
  return expired || temporary ? Outcome::kGaveUp : Outcome::kFailed;
}

// A code of success never outweighs words of failure: "250 accepted, but not relayed".
Outcome outcome_of_success(const RecipientDiagnosis& diagnosis, const CauseTable& causes) {
  if (const auto success = causes[diagnosis.cause].success) return *success;
  const bool is_told = diagnosis.confidence != Confidence::kUnsure ||
                       diagnosis.evidence.kind == Evidence::Kind::kRule;
  return is_told && diagnosis.cause != Cause::kUnexplained ? Outcome::kFailed : Outcome::kDelivered;
}

Outcome outcome_by_class(int status_class, bool expired) {
  if (status_class == 4 && !expired) return Outcome::kDelayed;
  return expired ? Outcome::kGaveUp : Outcome::kFailed;
}

Outcome find_outcome(const RecipientReport& recipient, const RecipientDiagnosis& diagnosis,
                     const CauseTable& causes, bool expired, bool at_once) {
  switch (recipient.action) {
    case Action::kFailed:
    case Action::kUndeliverable:
      return outcome_of_failure(recipient, diagnosis, expired, at_once);
    case Action::kDelayed:
      return Outcome::kDelayed;
    case Action::kDelivered:
    case Action::kDeliverable:
      // OpenSMTPD calls some failures delivered.
      if (recipient.status && recipient.status->status_class > 2) break;
      return Outcome::kDelivered;
    case Action::kRelayed:
      return Outcome::kRelayed;
    case Action::kExpanded:
      return Outcome::kExpanded;
    case Action::kNone:
      break;
  }
  const int status_class = class_of(diagnosis.reply.code, diagnosis.status);
  return status_class == 2 ? outcome_of_success(diagnosis, causes)
                           : outcome_by_class(status_class, expired);
}

// Success has the outcome as its cause, and nothing else has it.
void settle_cause(const CauseTable& causes, RecipientDiagnosis& diagnosis) {
  if (const auto success = causes.of_success(diagnosis.outcome)) {
    diagnosis.cause = *success;
    diagnosis.confidence = Confidence::kCertain;
  } else if (causes[diagnosis.cause].success) {
    diagnosis.cause = Cause::kUnexplained;
    diagnosis.confidence = Confidence::kUnsure;
  }
}

void settle_side_and_actor(const SpeakerSigns& signs, const Knowledge& knowledge,
                           RecipientDiagnosis& diagnosis) {
  const CauseEntry& cause = knowledge.cause(diagnosis.cause);
  diagnosis.side = side_of(signs, diagnosis.facts, cause, knowledge);
  diagnosis.actor = actor_of(cause, diagnosis.side);
  const bool unsure = diagnosis.confidence == Confidence::kUnsure;
  if (diagnosis.outcome == Outcome::kDelayed &&
      !needs_action(unsure, told_class(diagnosis.reply), diagnosis.actor, cause)) {
    diagnosis.actor = Actor::kNobody;
  }
}

void take_verdict(Verdict verdict, const Units& units, RecipientDiagnosis& diagnosis) {
  diagnosis.cause = verdict.cause;
  diagnosis.confidence = verdict.confidence;
  diagnosis.evidence = std::move(verdict.evidence);
  take_captures(verdict.captures, units, diagnosis.facts);
}

// The host's address, and of no other: a reply that passes on another server's names that server's.
std::string address_of_host(const RecipientReport& recipient, const Reply& reply) {
  const bool is_same = recipient.remote_mta.empty() || reply.host.empty() ||
                       is_same_domain(recipient.remote_mta, reply.host);
  return !is_same || reply.host_address.empty() ? recipient.remote_mta_address : reply.host_address;
}

Facts gather_facts(const Report& report, const RecipientReport& recipient, const Reply& reply) {
  Facts facts;
  facts.message_size = report.returned.size;
  facts.first_attempt = report.arrival_date;
  facts.last_attempt = recipient.last_attempt ? recipient.last_attempt : report.date;
  facts.retry_until = recipient.will_retry_until;
  facts.remote_host = recipient.remote_mta.empty() ? reply.host : recipient.remote_mta;
  facts.remote_address = address_of_host(recipient, reply);
  return facts;
}

// No command or file: "|/usr/bin/filter", "\"|/usr/bin/filter\"", "/var/mail/anna".
bool is_mail_address(std::string_view text) {
  if (text.starts_with('"')) text.remove_prefix(1);
  return text.find('@') != std::string_view::npos && text.front() != '|' && text.front() != '/';
}

// The address that delivery failed for, where it was made of the one that is reported.
std::string find_final_recipient(const RecipientReport& recipient, const std::string& address) {
  if (is_mail_address(recipient.actual_recipient)) return recipient.actual_recipient;
  // Exim reports a file or a command, gateways the address of another mail system.
  const bool shown = recipient.final_recipient.empty() ||
                     (is_mail_address(address) && !is_mail_address(recipient.final_recipient));
  return shown ? address : recipient.final_recipient;
}

// Whom the returned message says it is for; canonical.
using Addressees = std::set<std::string>;

Addressees addressees_of(const ReturnedMessage& returned) {
  Addressees result;
  for (const auto* const mailboxes : {&returned.to, &returned.cc}) {
    for (const Mailbox& mailbox : *mailboxes) result.insert(canonical_address(mailbox.address));
  }
  return result;
}

// Whoever sends a message may name any original recipient, of any words (RFC 3461 section 4.2): it
// is believed where the message is said to be for it, or where there is no other address.
std::string find_address(const RecipientReport& recipient, const Addressees& addressees) {
  const std::string& original = recipient.original_recipient;
  if (original.empty()) return recipient.final_recipient;
  const bool is_believed = !is_mail_address(recipient.final_recipient) ||
                           is_same_address(original, recipient.final_recipient) ||
                           addressees.contains(canonical_address(original));
  return is_believed ? original : recipient.final_recipient;
}

RecipientDiagnosis diagnose_heard(const Report& report, const RecipientReport& recipient,
                                  const Addressees& addressees, const Hearing& hearing,
                                  const Knowledge& knowledge) {
  RecipientDiagnosis diagnosis;
  diagnosis.address = find_address(recipient, addressees);
  diagnosis.action = recipient.action;
  diagnosis.reply = hearing.reply;
  diagnosis.status = hearing.status;
  diagnosis.final_recipient = find_final_recipient(recipient, diagnosis.address);
  diagnosis.facts = gather_facts(report, recipient, diagnosis.reply);
  set_provider(find_provider(hearing, recipient.remote_mta, report.reporting_mta, knowledge),
               diagnosis.facts);
  Verdict verdict = judge(hearing, diagnosis.facts.provider, knowledge);
  // Not in RFC 3464: SendGrid's "Action: expired".
  const bool expired = verdict.expired || equals_ignoring_case(recipient.action_text, "expired");
  take_verdict(std::move(verdict), knowledge.units(), diagnosis);
  for (const HeardText& heard : hearing.texts) {
    fill_facts(heard, diagnosis.cause, knowledge, diagnosis.facts);
  }
  // Some servers report what trying again can never help with a temporary status.
  const bool at_once = is_immediate(report, recipient) || knowledge.cause(diagnosis.cause).lasting;
  diagnosis.outcome = find_outcome(recipient, diagnosis, knowledge.causes(), expired, at_once);
  if (diagnosis.outcome == Outcome::kGaveUp && diagnosis.cause == Cause::kUnexplained) {
    diagnosis.cause = Cause::kDeliveryTimedOut;
  }
  const SpeakerSigns signs{report.reporting_mta, recipient.diagnostic_type,
                           diagnosis.reply.code != 0};
  settle_cause(knowledge.causes(), diagnosis);
  settle_side_and_actor(signs, knowledge, diagnosis);
  return diagnosis;
}

RecipientDiagnosis diagnose_recipient(const Report& report, const RecipientReport& recipient,
                                      const Addressees& addressees, const Knowledge& knowledge) {
  const StatusField field{recipient.status, comment_of(recipient.status_text)};
  return diagnose_heard(report, recipient, addressees, hear(recipient.replies, field), knowledge);
}

}  // namespace

Diagnosis diagnose(const Report& report, const Knowledge& knowledge, const std::stop_token& stop) {
  Diagnosis diagnosis;
  diagnosis.recipients.reserve(report.recipients.size());
  const Addressees addressees = addressees_of(report.returned);
  for (const RecipientReport& recipient : report.recipients) {
    end_if_stopped(stop);
    diagnosis.recipients.push_back(diagnose_recipient(report, recipient, addressees, knowledge));
  }
  fill_meant_addresses(report, knowledge, diagnosis, stop);
  return diagnosis;
}

std::string provider_of(const Hearing& hearing, std::string_view host, const Knowledge& knowledge) {
  const Provider* const provider = find_provider(hearing, host, {}, knowledge);
  return provider == nullptr ? std::string() : provider->id;
}

RecipientDiagnosis diagnose_text(std::string_view text, std::string_view host,
                                 const Knowledge& knowledge) {
  RecipientReport recipient;
  recipient.remote_mta = host;
  const Hearing hearing = hear_pasted(text);
  const bool is_final = class_of(hearing.reply.code, hearing.status) == 5;
  if (!is_final && knowledge.stock_phrases().stand_in(text, PhrasePurpose::kDelay)) {
    recipient.action = Action::kDelayed;
  }
  const Report no_report;
  return diagnose_heard(no_report, recipient, {}, hearing, knowledge);
}

}  // namespace plainbounce

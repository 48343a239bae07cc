#include "lib/rewrite.h"

#include <fnmatch.h>

#include <algorithm>

#include "lib/base/ip_network.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/notice/language.h"
#include "lib/notice/write.h"
#include "lib/report/read.h"
#include "lib/splice/insert.h"

namespace plainbounce {
namespace {

bool is_machine(const std::string& recipient, const Policy& policy) {
  return std::any_of(policy.machine_recipients.begin(), policy.machine_recipients.end(),
                     [&](const std::string& pattern) {
                       return fnmatch(pattern.c_str(), recipient.c_str(), FNM_CASEFOLD) == 0;
                     });
}

// `sendmail -bv` asks whether an address would work: its answer is a report on no message.
bool is_address_probe(const Report& report) {
  return std::any_of(report.recipients.begin(), report.recipients.end(), [](const auto& recipient) {
    return recipient.action == Action::kDeliverable || recipient.action == Action::kUndeliverable;
  });
}

// Sendmail's copies to its postmaster have the null sender too and say so in RFC 3834's field.
bool is_postmaster_copy(const Report& report) {
  return report.auto_submitted.find("postmaster-notification") != std::string::npos;
}

// A bounce in another form than RFC 3464's, or in that form but not as RFC 6522 wraps it.
bool is_other_bounce(const Report& report) {
  return !report.is_delivery_report && report.kind != MessageKind::kNotABounce && !report.is_event;
}

LeaveReason judge_report(const Report& report, const Policy& policy) {
  const bool explained = is_other_bounce(report) && policy.other_bounces == OtherBounces::kExplain;
  if (!report.is_delivery_report && !explained) return LeaveReason::kNotAReport;
  if (report.has_mark) return LeaveReason::kAlreadyRewritten;
  if (report.is_signed && !policy.rewrite_signed) return LeaveReason::kSigned;
  if (is_postmaster_copy(report)) return LeaveReason::kPostmasterCopy;
  if (is_address_probe(report)) return LeaveReason::kAddressProbe;
  if (report.recipients.empty()) return LeaveReason::kNoRecipients;
  if (report.cut || report.recipients.size() > policy.max_recipients) {
    return LeaveReason::kTooManyRecipients;
  }
  if (!explained && report.notification.range.length == 0) return LeaveReason::kNoFirstPart;
  return LeaveReason::kNone;
}

void rewrite_report(std::string_view message, const Envelope& envelope, const Policy& policy,
                    const House& house, const Resources& resources, Rewrite& result) {
  const Notice notice = write_notice(result.report, result.diagnosis, resources.knowledge,
                                     resources.catalogue, house, envelope.recipients);
  result.language = notice.language;
  result.edit = plan_edit(message, result.report, notice, policy.subject_mode, version());
}

// In English where the text's own charset lacks the letters of the reader's language.
void explain_other_bounce(std::string_view message, const Envelope& envelope, const House& house,
                          const Resources& resources, Rewrite& result) {
  const LanguageChoice choice =
      choose_language(result.report, envelope.recipients, house, resources.catalogue);
  for (const std::string& language : {choice.first->language(), std::string("en")}) {
    House host = house;
    host.language = language;
    const Notice preface = write_preface(result.report, result.diagnosis, resources.knowledge,
                                         resources.catalogue, host);
    result.language = preface.language;
    result.edit = plan_insertion(message, result.report, preface, version());
    if (result.edit) return;
  }
}

}  // namespace

Policy Policy::defaults() {
  Policy policy;
  policy.trusted = {"127.0.0.0/8", "::1"};
  policy.machine_recipients = {
      "SRS0[=+-]*",   "SRS1[=+-]*",     // forwarders' rewritten senders
      "*-bounces@*",  "*-bounces+*@*",  // Mailman
      "bounce[-+=]*", "bounces[-+=]*",  // mailing services
      "*+*=*@*",                        // VERP: list+anna=example.org@
  };
  return policy;
}

bool is_trusted(std::string_view client_address, const Policy& policy) {
  if (client_address.empty()) return true;
  return std::any_of(policy.trusted.begin(), policy.trusted.end(),
                     [&](const std::string& text) { return is_in_network(client_address, text); });
}

LeaveReason judge_envelope(const Envelope& envelope, const Policy& policy) {
  if (!envelope.sender.empty()) return LeaveReason::kSenderNotNull;
  if (!is_trusted(envelope.client_address, policy)) return LeaveReason::kUntrustedClient;
  for (const std::string& recipient : envelope.recipients) {
    if (is_machine(recipient, policy)) return LeaveReason::kMachineRecipient;
  }
  return LeaveReason::kNone;
}

Rewrite rewrite(std::string_view message, const Envelope& envelope, const Policy& policy,
                const House& house, const Resources& resources) {
  Rewrite result;
  result.reason = judge_envelope(envelope, policy);
  if (result.reason != LeaveReason::kNone) return result;

  result.report = read_report(message, resources.knowledge.stock_phrases());
  result.reason = judge_report(result.report, policy);
  if (result.reason != LeaveReason::kNone) return result;

  result.diagnosis = diagnose(result.report, resources.knowledge);
  if (is_other_bounce(result.report)) {
    explain_other_bounce(message, envelope, house, resources, result);
  } else {
    rewrite_report(message, envelope, policy, house, resources, result);
  }
  if (!result.edit) result.reason = LeaveReason::kNoFirstPart;
  return result;
}

std::string_view version() { return PLAINBOUNCE_VERSION; }

}  // namespace plainbounce

#include "lib/rewrite.h"

#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "lib/base/ip_network.h"
#include "lib/base/stop.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/notice/language.h"
#include "lib/notice/readers.h"
#include "lib/notice/write.h"
#include "lib/report/read.h"
#include "lib/splice/insert.h"

namespace plainbounce {
namespace {

// The first pattern that makes the recipient a program's address; null: none does.
const std::string* machine_pattern(const std::string& recipient, const Policy& policy) {
  const auto found = std::find_if(
      policy.machine_recipients.begin(), policy.machine_recipients.end(), [&](const auto& pattern) {
        return fnmatch(pattern.c_str(), recipient.c_str(), FNM_CASEFOLD) == 0;
      });
  return found == policy.machine_recipients.end() ? nullptr : &*found;
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

// Why it is no delivery report.
Doubt doubt_about_form(const Report& report) {
  if (report.is_event) return Doubt::kEvent;
  if (report.kind == MessageKind::kNotABounce) return Doubt::kNoBounce;
  if (report.kind == MessageKind::kOtherBounce) return Doubt::kOtherForm;
  const bool right_type =
      report.content_type == "multipart/report" && report.report_type == "delivery-status";
  return right_type ? Doubt::kStatusNested : Doubt::kReportType;
}

Decision leave(LeaveReason reason, Doubt doubt) { return {reason, std::string(id_of(doubt))}; }

Decision judge_report(const Report& report, const Policy& policy) {
  const bool explained = is_other_bounce(report) && policy.other_bounces == OtherBounces::kExplain;
  if (!report.is_delivery_report && !explained) {
    return leave(LeaveReason::kNotAReport, doubt_about_form(report));
  }
  if (report.has_mark) return {LeaveReason::kAlreadyRewritten, {}};
  if (!report.signature.empty() && !policy.rewrite_signed) {
    return {LeaveReason::kSigned, report.signature};
  }
  if (is_postmaster_copy(report)) return {LeaveReason::kPostmasterCopy, {}};
  if (is_address_probe(report)) return {LeaveReason::kAddressProbe, {}};
  if (report.recipients.empty()) return {LeaveReason::kNoRecipients, {}};
  if (report.cut != Doubt::kNone) return leave(LeaveReason::kTooManyRecipients, report.cut);
  if (report.recipients.size() > policy.max_recipients) {
    return {LeaveReason::kTooManyRecipients, std::to_string(report.recipients.size())};
  }
  if (!explained && report.notification.range.length == 0) {
    return leave(LeaveReason::kNoFirstPart, report.notification.doubt);
  }
  return {};
}

// True: that is the end.
bool take(Decision decision, Rewrite& result) {
  result.reason = decision.reason;
  result.detail = std::move(decision.detail);
  return result.reason != LeaveReason::kNone;
}

void take(Plan plan, Rewrite& result) {
  result.edit = std::move(plan.edit);
  result.detail = id_of(plan.doubt);
}

void rewrite_report(std::string_view message, const Envelope& envelope, const Policy& policy,
                    const House& house, const Resources& resources, const std::stop_token& stop,
                    WorkStage& stage, Rewrite& result) {
  stage = WorkStage::kWriting;
  Notice notice = write_notice(result.report, result.diagnosis, resources.knowledge,
                               resources.catalogue, house, envelope.recipients, stop);
  if (policy.reply_to == ReplyTo::kHelpDesk) notice.reply_to = house.help_email;
  result.language = notice.language;
  stage = WorkStage::kSplicing;
  take(plan_edit(message, result.report, notice, policy.subject_mode, version(), stop), result);
}

// In English where the text's own charset lacks the letters of the reader's language.
void explain_other_bounce(std::string_view message, const Envelope& envelope, const House& house,
                          const Resources& resources, const std::stop_token& stop, WorkStage& stage,
                          Rewrite& result) {
  const LanguageChoice choice =
      choose_language(result.report, envelope.recipients, house, resources.catalogue);
  for (const std::string& language : {choice.first->language(), std::string("en")}) {
    House host = house;
    host.language = language;
    stage = WorkStage::kWriting;
    const Notice preface = write_preface(result.report, result.diagnosis, resources.knowledge,
                                         resources.catalogue, host, stop);
    result.language = preface.language;
    stage = WorkStage::kSplicing;
    take(plan_insertion(message, result.report, preface, version(), stop), result);
    if (result.edit) return;
  }
}

// The four stages in a row; `stage` is the one that it is in. Throws Stopped.
Rewrite rewrite_in_time(std::string_view message, const Envelope& envelope, const Policy& policy,
                        const House& house, const Resources& resources, const std::stop_token& stop,
                        WorkStage& stage) {
  Rewrite result;
  if (take(judge_envelope(envelope, policy), result)) return result;

  result.report = read_report(message, resources.knowledge.stock_phrases(), stop);
  if (take(judge_report(result.report, policy), result)) return result;
  const std::string& mta =
      envelope.mta_name.empty() ? result.report.reporting_mta : envelope.mta_name;
  const bool outside = is_outside(envelope.recipients, policy.own_domains, mta);
  const bool left = outside && policy.outside == OutsideReaders::kLeave;
  if (left && take({LeaveReason::kOutsideReader, {}}, result)) return result;
  const House speaking = outside ? to_outsiders(house, house_domain(mta))
                                 : with_contact(house, contact_domain(policy.own_domains, mta));

  stage = WorkStage::kJudging;
  result.diagnosis = diagnose(result.report, resources.knowledge, stop);
  if (is_other_bounce(result.report)) {
    explain_other_bounce(message, envelope, speaking, resources, stop, stage, result);
  } else {
    rewrite_report(message, envelope, policy, speaking, resources, stop, stage, result);
  }
  if (!result.edit) result.reason = LeaveReason::kNoFirstPart;
  return result;
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

Decision judge_envelope(const Envelope& envelope, const Policy& policy) {
  if (!envelope.sender.empty()) return {LeaveReason::kSenderNotNull, {}};
  if (!is_trusted(envelope.client_address, policy)) {
    return {LeaveReason::kUntrustedClient, envelope.client_address};
  }
  for (const std::string& recipient : envelope.recipients) {
    if (const std::string* const pattern = machine_pattern(recipient, policy)) {
      return {LeaveReason::kMachineRecipient, *pattern};
    }
  }
  return {};
}

Rewrite rewrite(std::string_view message, const Envelope& envelope, const Policy& policy,
                const House& house, const Resources& resources, const std::stop_token& stop) {
  WorkStage stage = WorkStage::kReading;
  try {
    return rewrite_in_time(message, envelope, policy, house, resources, stop, stage);
  } catch (const Stopped&) {
    Rewrite stopped;
    stopped.reason = LeaveReason::kStopped;
    stopped.detail = id_of(stage);
    return stopped;
  }
}

std::string_view version() { return PLAINBOUNCE_VERSION; }

}  // namespace plainbounce

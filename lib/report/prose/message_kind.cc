#include "lib/report/prose/message_kind.h"

#include <string>
#include <string_view>

#include "lib/base/ascii.h"
#include "lib/report/prose/bounce_text.h"
#include "lib/report/prose/bounce_words.h"

namespace plainbounce {
namespace {

// Bytes of the text that are looked at.
constexpr std::size_t kMaxLook = 4096;

// multipart/report with another report-type: a receipt, a feedback report, a TLS report.
bool is_other_report(const Report& report) {
  return report.content_type == "multipart/report" && !report.report_type.empty() &&
         report.report_type != "delivery-status";
}

bool is_named(std::string_view name_or_address, WordsPurpose purpose) {
  return says(name_or_address.substr(0, name_or_address.find('@')).substr(0, kMaxLook), purpose);
}

// A mail system's own name for itself (RFC 3834 section 3.1.1, RFC 5321 section 4.5.1).
bool is_from_system(const Report& report) {
  return is_named(report.from.address, WordsPurpose::kSystem) ||
         is_named(report.from.name, WordsPurpose::kSystem) ||
         (report.has_return_path && is_named(report.return_path, WordsPurpose::kSystem));
}

// A person may be the postmaster, and anyone may choose a display name; nobody is MAILER-DAEMON.
bool is_from_daemon(const Report& report) {
  return is_named(report.from.address, WordsPurpose::kDaemon) ||
         (report.from.address.empty() && is_named(report.from.name, WordsPurpose::kDaemon)) ||
         (report.has_return_path && is_named(report.return_path, WordsPurpose::kDaemon));
}

// Bounces go from no one (RFC 5321 section 4.5.5). Forwarding may give a daemon's mail another
// sender.
bool takes_answers(const Report& report) {
  return report.has_return_path && !report.return_path.empty() && !is_from_daemon(report) &&
         !is_named(report.return_path, WordsPurpose::kSystem);
}

// Mailman tells a list's owner what it did about a subscriber.
bool is_list_notice(const Entity& root, const Report& report) {
  return (root.header.has("X-Mailman-Version") || root.header.has("List-Id")) &&
         ascii_lower(report.subject).find("bounce action notification") != std::string::npos;
}

bool is_automatic_answer(const Entity& root, const Report& report) {
  const bool answers = ascii_lower(report.auto_submitted).starts_with("auto-replied") ||
                       root.header.has("X-Auto-Response-Suppress") ||
                       root.header.has("X-Autoreply") || root.header.has("X-Autorespond") ||
                       says(report.subject, WordsPurpose::kAnswer);
  return answers && !is_from_system(report) && !report.returned.present;
}

// A mailing list's program that sends a message back.
bool is_refusal_by_list(const Report& report) {
  return says(report.from.address, WordsPurpose::kManager) &&
         says(report.subject, WordsPurpose::kRefusal);
}

bool speaks_of_failure(std::string_view text) {
  return says(text.substr(0, kMaxLook), WordsPurpose::kFailure);
}

// Does the message that was sent come with it?
bool brings_message_back(const Report& report) {
  return report.returned.present || !split_bounce_text(report.notification.text).returned.empty();
}

// What a person's mail from the postmaster's address doesn't have.
bool is_made_by_program(const Report& report) {
  const std::string submitted = ascii_lower(report.auto_submitted);
  return (!submitted.empty() && !submitted.starts_with("no")) ||
         report.report_type == "delivery-status" || brings_message_back(report) ||
         says(report.notification.text.substr(0, kMaxLook), WordsPurpose::kStock);
}

}  // namespace

MessageKind judge_kind(const Entity& root, const Report& report) {
  if (is_other_report(report) || is_list_notice(root, report)) return MessageKind::kNotABounce;
  if (root.header.has("X-Failed-Recipients")) return MessageKind::kOtherBounce;
  if (is_refusal_by_list(report)) return MessageKind::kOtherBounce;
  const bool null_sender = report.has_return_path && report.return_path.empty();
  if (takes_answers(report)) return MessageKind::kNotABounce;
  const bool daemon = is_from_daemon(report) ||
                      (is_from_system(report) && (null_sender || is_made_by_program(report)));
  if ((!daemon && !null_sender) || is_automatic_answer(root, report)) {
    return MessageKind::kNotABounce;
  }
  // Answering machines use the null sender, too, and what they write may be about anything.
  const bool bounce =
      report.report_type == "delivery-status" || speaks_of_failure(report.subject) ||
      (daemon ? report.returned.present || speaks_of_failure(report.notification.text)
              : brings_message_back(report));
  return bounce ? MessageKind::kOtherBounce : MessageKind::kNotABounce;
}

}  // namespace plainbounce

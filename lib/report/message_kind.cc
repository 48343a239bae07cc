#include "lib/report/message_kind.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "lib/report/bounce_words.h"
#include "lib/report/text.h"

namespace plainbounce {
namespace {

// Bytes of the text that are looked at.
constexpr std::size_t kMaxLook = 4096;

// multipart/report with another report-type: a receipt, a feedback report, a TLS report.
bool is_other_report(const Report& report) {
  return report.content_type == "multipart/report" && !report.report_type.empty() &&
         report.report_type != "delivery-status";
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  const std::string lower = ascii_lower(text.substr(0, kMaxLook));
  return std::any_of(words.begin(), words.end(), [&lower](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

// A mail system's own name for itself (RFC 3834 section 3.1.1, RFC 5321 section 4.5.1).
bool is_daemon(std::string_view name_or_address) {
  return contains_any(name_or_address.substr(0, name_or_address.find('@')),
                      {"mailer-daemon", "mail delivery", "postmaster", "mail administrator"});
}

bool is_from_mail_system(const Report& report) {
  const bool null_sender =
      report.has_return_path && (report.return_path.empty() || is_daemon(report.return_path));
  return null_sender || is_daemon(report.from.address) || is_daemon(report.from.name);
}

bool is_automatic_answer(const Entity& root, const Report& report) {
  const bool answers = ascii_lower(report.auto_submitted).starts_with("auto-replied") ||
                       root.header.has("X-Auto-Response-Suppress") ||
                       root.header.has("X-Autoreply");
  return answers && !is_daemon(report.from.address) && !is_daemon(report.from.name) &&
         !report.returned.present;
}

bool speaks_of_failure(std::string_view text) {
  return says(text.substr(0, kMaxLook), WordsPurpose::kFailure);
}

}  // namespace

MessageKind judge_kind(const Entity& root, const Report& report) {
  if (is_other_report(report)) return MessageKind::kNotABounce;
  if (root.header.has("X-Failed-Recipients")) return MessageKind::kOtherBounce;
  if (!is_from_mail_system(report) || is_automatic_answer(root, report)) {
    return MessageKind::kNotABounce;
  }
  const bool bounce = report.report_type == "delivery-status" || report.returned.present ||
                      speaks_of_failure(report.subject) ||
                      speaks_of_failure(report.notification.text);
  return bounce ? MessageKind::kOtherBounce : MessageKind::kNotABounce;
}

}  // namespace plainbounce

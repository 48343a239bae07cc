#include "lib/report/prose/message_kind.h"

#include <string>
#include <string_view>

#include "lib/base/ascii.h"
#include "lib/report/prose/bounce_text.h"

namespace plainbounce {
namespace {

// multipart/report with another report-type: a receipt, a feedback report, a TLS report.
bool is_other_report(const Report& report) {
  return report.content_type == "multipart/report" && !report.report_type.empty() &&
         report.report_type != "delivery-status";
}

// What the message looks like, each sign by itself.
class Signs {
 public:
  Signs(const Entity& root, const Report& report, const StockPhrases& phrases)
      : root_(root), report_(report), phrases_(phrases) {}

  // A mail system's own name for itself (RFC 3834 section 3.1.1, RFC 5321 section 4.5.1).
  bool is_from_system() const {
    return is_named(report_.from.address, PhrasePurpose::kSystem) ||
           is_named(report_.from.name, PhrasePurpose::kSystem) ||
           (report_.has_return_path && is_named(report_.return_path, PhrasePurpose::kSystem));
  }

  // A person may be the postmaster, and anyone may choose a display name; nobody is MAILER-DAEMON.
  bool is_from_daemon() const {
    return is_named(report_.from.address, PhrasePurpose::kDaemon) ||
           (report_.from.address.empty() && is_named(report_.from.name, PhrasePurpose::kDaemon)) ||
           (report_.has_return_path && is_named(report_.return_path, PhrasePurpose::kDaemon));
  }

  // Bounces go from no one (RFC 5321 section 4.5.5). Forwarding may give a daemon's mail another
  // sender.
  bool takes_answers() const {
    return report_.has_return_path && !report_.return_path.empty() && !is_from_daemon() &&
           !is_named(report_.return_path, PhrasePurpose::kSystem);
  }

  // Mailman tells a list's owner what it did about a subscriber.
  bool is_list_notice() const {
    return (root_.header.has("X-Mailman-Version") || root_.header.has("List-Id")) &&
           says(report_.subject, PhrasePurpose::kListNotice);
  }

  bool is_automatic_answer() const {
    const bool answers = ascii_lower(report_.auto_submitted).starts_with("auto-replied") ||
                         root_.header.has("X-Auto-Response-Suppress") ||
                         root_.header.has("X-Autoreply") || root_.header.has("X-Autorespond") ||
                         says(report_.subject, PhrasePurpose::kAnswer);
    return answers && !is_from_system() && !report_.returned.present;
  }

  // A mailing list's program that sends a message back.
  bool is_refusal_by_list() const {
    return says(report_.from.address, PhrasePurpose::kManager) &&
           says(report_.subject, PhrasePurpose::kRefusal);
  }

  bool speaks_of_delivery(std::string_view text) const {
    return says(text.substr(0, kMaxKindWords), PhrasePurpose::kFailure) ||
           says(text.substr(0, kMaxKindWords), PhrasePurpose::kDelay);
  }

  // Does the message that was sent come with it?
  bool brings_message_back() const {
    return report_.returned.present ||
           !split_bounce_text(report_.notification.text, phrases_).returned.empty();
  }

  // What a person's mail from the postmaster's address doesn't have.
  bool is_made_by_program() const {
    const std::string submitted = ascii_lower(report_.auto_submitted);
    return (!submitted.empty() && !submitted.starts_with("no")) ||
           report_.report_type == "delivery-status" || brings_message_back() ||
           says(report_.notification.text.substr(0, kMaxKindWords), PhrasePurpose::kStock);
  }

 private:
  bool says(std::string_view text, PhrasePurpose purpose) const {
    return phrases_.stand_in(text, purpose);
  }

  bool is_named(std::string_view name_or_address, PhrasePurpose purpose) const {
    return says(name_or_address.substr(0, name_or_address.find('@')).substr(0, kMaxKindWords),
                purpose);
  }

  const Entity& root_;
  const Report& report_;
  const StockPhrases& phrases_;
};

}  // namespace

MessageKind judge_kind(const Entity& root, const Report& report, const StockPhrases& phrases) {
  const Signs signs(root, report, phrases);
  if (is_other_report(report) || signs.is_list_notice()) return MessageKind::kNotABounce;
  if (root.header.has("X-Failed-Recipients")) return MessageKind::kOtherBounce;
  if (signs.is_refusal_by_list()) return MessageKind::kOtherBounce;
  const bool null_sender = report.has_return_path && report.return_path.empty();
  if (signs.takes_answers()) return MessageKind::kNotABounce;
  const bool daemon = signs.is_from_daemon() ||
                      (signs.is_from_system() && (null_sender || signs.is_made_by_program()));
  if ((!daemon && !null_sender) || signs.is_automatic_answer()) return MessageKind::kNotABounce;
  // Answering machines use the null sender, too, and what they write may be about anything.
  const bool bounce =
      report.report_type == "delivery-status" || signs.speaks_of_delivery(report.subject) ||
      (daemon ? report.returned.present || signs.speaks_of_delivery(report.notification.text)
              : signs.brings_message_back());
  return bounce ? MessageKind::kOtherBounce : MessageKind::kNotABounce;
}

}  // namespace plainbounce

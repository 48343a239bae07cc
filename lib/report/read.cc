#include "lib/report/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "lib/base/stop.h"
#include "lib/mail/address.h"
#include "lib/mail/entity.h"
#include "lib/mail/field_value.h"
#include "lib/report/delivery_status.h"
#include "lib/report/first_part.h"
#include "lib/report/prose/message_kind.h"
#include "lib/report/prose/other_bounce.h"
#include "lib/report/prose/recipient_words.h"
#include "lib/report/prose/sending_event.h"
#include "lib/report/recipient_replies.h"
#include "lib/report/returned_message.h"
#include "lib/report/status_field.h"

namespace plainbounce {
namespace {

// Levels of multiparts, and parts altogether, that are looked into.
constexpr int kMaxDepth = 8;
constexpr int kMaxEntities = 1000;

// Bytes of a delivery-status part that are read.
constexpr std::size_t kMaxStatus = std::size_t{16} << 20;

bool is_delivery_status(const MediaType& type) {
  return type.name == "message/delivery-status" || type.name == "message/global-delivery-status";
}

// The parts of a report, wherever a gateway has put them.
class PartFinder {
 public:
  struct Found {
    Entity entity;
    bool whole = false;  // ends at a delimiter line
    int depth = 0;       // 1: directly within the outermost multipart
  };

  explicit PartFinder(const std::stop_token& stop) : stop_(stop) {}

  void visit(const Entity& entity, bool whole, int depth) {
    if (is_delivery_status(entity.type)) {
      if (!status) status = {entity, whole, depth};
    } else if (is_returned_message(entity.type)) {
      if (!returned) returned = {entity, whole, depth};
    } else if (entity.type.is_multipart()) {
      const bool is_signed =
          entity.type.name == "multipart/signed" || entity.type.name == "multipart/encrypted";
      if (is_signed && signature.empty()) signature = entity.type.name;
      if (depth < kMaxDepth)
        visit_parts(split_multipart(entity.content, entity.type.boundary), depth);
    }
  }

  void visit_parts(const PartList& list, int depth) {
    for (std::size_t i = 0; i < list.parts.size() && seen_ < kMaxEntities; ++i) {
      end_if_stopped(stop_);
      ++seen_;
      const bool whole = list.closed || i + 1 < list.parts.size();
      visit(read_entity(list.parts[i]), whole, depth + 1);
    }
  }

  std::optional<Found> status;
  std::optional<Found> returned;
  std::string signature;  // of a multipart within; empty: none

 private:
  const std::stop_token& stop_;
  int seen_ = 0;
};

// Report::signature, as far as the outermost header tells.
std::string signature_of(const Entity& root) {
  static constexpr std::array<const char*, 4> kFields = {"DKIM-Signature", "DomainKey-Signature",
                                                         "ARC-Seal", "ARC-Message-Signature"};
  for (const char* const field : kFields) {
    if (root.header.has(field)) return field;
  }
  static constexpr std::array<std::string_view, 4> kTypes = {
      "multipart/signed", "multipart/encrypted", "application/pkcs7-mime",
      "application/x-pkcs7-mime"};
  const bool known = std::find(kTypes.begin(), kTypes.end(), root.type.name) != kTypes.end();
  return known ? root.type.name : "";
}

bool is_pgp_text(std::string_view text) {
  return text.find("-----BEGIN PGP SIGNED MESSAGE-----") != std::string_view::npos;
}

bool ends_lines_with_crlf(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r';
}

// Some mail systems write "MAILER-DAEMON <>", which is no address list.
Mailbox read_from(std::string_view value) {
  const std::vector<Mailbox> mailboxes = decode_mailboxes(value, 1);
  if (!mailboxes.empty()) return mailboxes.front();
  return {decode_text(value.substr(0, value.find('<'))), ""};
}

void read_top_header(const Entity& root, Report& report) {
  const Header& header = root.header;
  report.content_type = root.type.name;
  report.report_type = root.type.report_type;
  report.boundary = root.type.boundary;
  report.from = read_from(header.value("From"));
  report.to = decode_mailboxes(header.value("To"), kMaxMailboxes);
  report.subject = decode_text(header.value("Subject"));
  report.date = decode_date(header.value("Date"));
  report.message_id = decode_message_id(header.value("Message-ID"));
  report.auto_submitted = unfold(header.value("Auto-Submitted"));
  report.has_return_path = header.has("Return-Path");
  report.return_path = decode_recipient(header.value("Return-Path"));
  report.has_mark = header.has(kMarkName);
  report.signature = signature_of(root);
  report.crlf = ends_lines_with_crlf(root.content.empty() ? root.bytes : root.content);
}

bool read_status_part(const Entity& part, const std::stop_token& stop, Report& report) {
  if (part.content.size() > kMaxStatus) report.cut = Doubt::kStatusTooLong;
  const std::string text = decode_transfer(part.content.substr(0, kMaxStatus),
                                           part.header.value("Content-Transfer-Encoding"));
  return read_delivery_status(text, report, stop);
}

void read_returned_part(const PartFinder::Found& found, Report& report) {
  ReturnedHeader returned = read_returned_message(found.entity, found.whole, report.reporting_mta);
  report.returned = std::move(returned.message);
  if (report.original_sender.empty()) report.original_sender = std::move(returned.return_path);
  if (report.queue_id.empty()) report.queue_id = std::move(returned.queue_id);
}

bool is_strict_report(const Report& report, const PartFinder& parts) {
  return report.kind == MessageKind::kReport && report.content_type == "multipart/report" &&
         report.report_type == "delivery-status" && parts.status->depth == 1;
}

// Exim reports a mailbox file or a pipe as the final recipient; its header names the address.
void name_only_recipient(const Header& header, Report& report) {
  if (report.recipients.size() != 1) return;
  RecipientReport& recipient = report.recipients.front();
  if (recipient.final_recipient.empty() ||
      recipient.final_recipient.find('@') != std::string::npos) {
    return;
  }
  const auto failed = decode_mailboxes(header.value("X-Failed-Recipients"), 2);
  if (recipient.original_recipient.empty() && failed.size() == 1) {
    recipient.original_recipient = failed.front().address;
  }
}

// Sendmail reports an address once for each turn that it took in a loop of aliases.
void drop_repeated_recipients(std::vector<RecipientReport>& recipients) {
  std::unordered_set<std::string> seen;
  std::erase_if(recipients, [&](const RecipientReport& recipient) {
    const std::string final = canonical_address(recipient.final_recipient);
    const std::string actual = canonical_address(recipient.actual_recipient);
    return !seen.insert(fmt::format(
                            "{}\n{}\n{}\n{}\n{}\n{}\n{}", final, actual.empty() ? final : actual,
                            canonical_address(recipient.original_recipient), recipient.action_text,
                            recipient.status_text, recipient.remote_mta, recipient.diagnostic))
                .second;
  });
}

// The field Action is required (RFC 3464 section 2.3.3), but some forget it: then the words tell,
// unless the recipient's status is one of success.
void take_action_from_words(const StockPhrases& phrases, Report& report) {
  const auto lacks_action = [](const RecipientReport& recipient) {
    const bool succeeded = recipient.status && recipient.status->status_class == 2;
    return recipient.action == Action::kNone && recipient.action_text.empty() && !succeeded;
  };
  const auto& all = report.recipients;
  if (std::none_of(all.begin(), all.end(), lacks_action)) return;
  const std::string_view words = report.notification.text;
  if (!phrases.stand_in(words.substr(0, kMaxKindWords), PhrasePurpose::kFailure)) return;
  const Action action = action_told(words, report, phrases);
  for (RecipientReport& recipient : report.recipients) {
    if (lacks_action(recipient)) recipient.action = action;
  }
}

// Some gateways wrap a report up whole, in a notice of their own.
void look_into_wrapped_report(PartFinder& parts, const std::stop_token& stop) {
  const Entity wrapped = read_entity(parts.returned->entity.content);
  if (wrapped.type.name != "multipart/report") return;
  PartFinder inner(stop);
  inner.visit(wrapped, parts.returned->whole, parts.returned->depth + 1);
  if (!inner.status) return;
  parts.status = inner.status;
  parts.returned = inner.returned;
}

void read_parts(const PartFinder& parts, const std::stop_token& stop, Report& report) {
  if (parts.status && read_status_part(parts.status->entity, stop, report)) {
    report.kind = MessageKind::kReport;
  }
  end_if_stopped(stop);
  if (parts.returned) read_returned_part(*parts.returned, report);
}

}  // namespace

Report read_report(std::string_view message, const StockPhrases& phrases,
                   const std::stop_token& stop) {
  end_if_stopped(stop);
  Report report;
  const Entity root = read_entity(message);
  read_top_header(root, report);
  const PartList list =
      root.type.is_multipart() ? split_multipart(root.content, root.type.boundary) : PartList();
  PartFinder parts(stop);
  parts.visit_parts(list, 0);
  end_if_stopped(stop);
  report.notification = read_first_part(root, list);
  if (report.signature.empty()) report.signature = parts.signature;
  if (report.signature.empty() && is_pgp_text(report.notification.text)) {
    report.signature = kPgpText;
  }
  read_parts(parts, stop, report);
  end_if_stopped(stop);
  if (report.kind != MessageKind::kReport) report.kind = judge_kind(root, report, phrases);
  if (report.kind != MessageKind::kReport && list.parts.empty()) {
    report.recipients = read_sending_event(report.notification.text);
    report.is_event = !report.recipients.empty();
    if (report.is_event) report.kind = MessageKind::kOtherBounce;
  }
  if (report.kind == MessageKind::kOtherBounce && !parts.status && parts.returned) {
    look_into_wrapped_report(parts, stop);
    if (parts.status) read_parts(parts, stop, report);
  }
  end_if_stopped(stop);
  drop_repeated_recipients(report.recipients);
  name_only_recipient(root.header, report);
  report.is_delivery_report = is_strict_report(report, parts);
  // What a true report keeps silent about (Sendmail's on expanded lists) isn't read between lines.
  if (report.kind != MessageKind::kNotABounce && !report.is_delivery_report &&
      report.recipients.empty()) {
    read_other_bounce(root, list, parts.returned ? parts.returned->entity.content : "", phrases,
                      report, stop);
  } else {
    take_action_from_words(phrases, report);
    add_passages(report.notification.text, phrases, report.recipients, stop);
  }
  std::size_t left = kMaxReplies;
  for (RecipientReport& recipient : report.recipients) {
    end_if_stopped(stop);
    recipient.replies = read_replies(recipient, left);
  }
  return report;
}

}  // namespace plainbounce

#include "tests/unit/report_dump.h"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace plainbounce {
namespace {

class Dump {
 public:
  explicit Dump(std::string indent = "") : indent_(std::move(indent)) {}

  void line(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out_ += indent_;
    out_ += name;
    out_ += ": ";
    out_ += value;
    out_ += '\n';
  }
  void flag(std::string_view name, bool value) {
    if (value) line(name, std::string_view("yes"));
  }
  void line(std::string_view name, const std::optional<Timestamp>& time) {
    if (!time) return;
    line(name, std::to_string(time->unix_seconds) + (time->utc_offset_seconds < 0 ? "" : "+") +
                   std::to_string(time->utc_offset_seconds));
  }
  void line(std::string_view name, const std::vector<Mailbox>& mailboxes) {
    for (const Mailbox& mailbox : mailboxes) line(name, text(mailbox));
  }
  void heading(std::string_view name) { out_.append(indent_).append(name).append("\n"); }
  void append(const std::string& text) { out_ += text; }
  const std::string& str() const { return out_; }

  static std::string text(const Mailbox& mailbox) {
    if (mailbox.name.empty()) return mailbox.address;
    return mailbox.name + " <" + mailbox.address + ">";
  }

 private:
  std::string indent_;
  std::string out_;
};

std::string_view name_of(MessageKind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"report", "other-bounce", "not-a-bounce"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Action action) {
  constexpr std::array<std::string_view, 8> kNames = {
      "", "failed", "delayed", "delivered", "relayed", "expanded", "deliverable", "undeliverable"};
  return kNames[static_cast<std::size_t>(action)];
}

std::string_view name_of(Stage stage) {
  constexpr std::array<std::string_view, 9> kNames = {
      "", "connect", "helo", "starttls", "auth", "mail", "rcpt", "data", "end-of-data"};
  return kNames[static_cast<std::size_t>(stage)];
}

std::string dump_recipient(const RecipientReport& recipient) {
  Dump dump("  ");
  dump.line("final", recipient.final_recipient);
  dump.line("original", recipient.original_recipient);
  dump.line("actual", recipient.actual_recipient);
  dump.line("action", name_of(recipient.action));
  dump.line("status", recipient.status ? to_string(*recipient.status) : "");
  dump.line("status text", recipient.status_text);
  dump.line("remote MTA", recipient.remote_mta);
  dump.line("remote address", recipient.remote_mta_address);
  dump.line("diagnostic type", recipient.diagnostic_type);
  dump.line("diagnostic", recipient.diagnostic);
  dump.line("last attempt", recipient.last_attempt);
  dump.line("final log ID", recipient.final_log_id);
  dump.line("will retry until", recipient.will_retry_until);
  dump.line("passage", recipient.passage);
  return dump.str();
}

std::string dump_returned(const ReturnedMessage& returned) {
  Dump dump("  ");
  dump.flag("headers only", returned.headers_only);
  dump.line("subject", returned.subject);
  dump.line("date", returned.date);
  dump.line("from", returned.from);
  dump.line("to", returned.to);
  dump.line("cc", returned.cc);
  dump.line("message ID", returned.message_id);
  dump.line("accept language", returned.accept_language);
  dump.line("content language", returned.content_language);
  dump.line("header charset", returned.header_charset);
  if (returned.writer != Writer::kPerson) dump.line("writer", id_of(returned.writer));
  dump.line("size", returned.size ? std::to_string(*returned.size) : "");
  return dump.str();
}

void dump_header(const Report& report, Dump& dump) {
  dump.line("kind", name_of(report.kind));
  dump.flag("delivery report", report.is_delivery_report);
  dump.line("content type", report.content_type);
  dump.line("report type", report.report_type);
  dump.line("boundary", report.boundary);
  dump.flag("crlf", report.crlf);
  dump.line("from", Dump::text(report.from));
  dump.line("to", report.to);
  dump.line("subject", report.subject);
  dump.line("date", report.date);
  dump.line("message ID", report.message_id);
  dump.line("auto-submitted", report.auto_submitted);
  dump.line("return path", report.has_return_path ? "<" + report.return_path + ">" : "");
  dump.flag("mark", report.has_mark);
  dump.line("signature", report.signature);
}

}  // namespace

std::string dump(const Report& report) {
  Dump out;
  dump_header(report, out);
  out.line("envelope ID", report.original_envelope_id);
  out.line("reporting MTA", report.reporting_mta);
  out.line("received from", report.received_from_mta);
  out.line("arrival", report.arrival_date);
  out.line("queue ID", report.queue_id);
  out.line("original sender", report.original_sender);
  for (const RecipientReport& recipient : report.recipients) {
    out.heading("recipient");
    out.append(dump_recipient(recipient));
  }
  const Notification& first = report.notification;
  out.line("first part", std::to_string(first.range.offset) + "+" +
                             std::to_string(first.range.length) + " " + first.content_type);
  out.line("first part's description", first.content_description);
  if (report.returned.present) out.heading("returned");
  out.append(dump_returned(report.returned));
  const bool multipart = report.content_type.starts_with("multipart/");
  if (multipart) out.line("doubt", id_of(first.doubt));
  out.line("cut", id_of(report.cut));
  return out.str();
}

std::string dump(const Reply& reply) {
  std::string out;
  const auto add = [&out](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!out.empty()) out += ' ';
    out.append(name).append("=").append(value);
  };
  add("code", reply.code == 0 ? "" : std::to_string(reply.code));
  add("status", reply.status ? to_string(*reply.status) : "");
  add("stage", name_of(reply.stage));
  add("host", reply.host);
  add("address", reply.host_address);
  add("text", reply.text);
  return out;
}

}  // namespace plainbounce

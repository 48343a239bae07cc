#include "lib/report/delivery_status.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/base/text.h"
#include "lib/mail/field_value.h"
#include "lib/mail/header.h"
#include "lib/report/status_field.h"

namespace plainbounce {
namespace {

std::string diagnostic_text(const std::string& value) {
  return value.find("=?") == std::string::npos ? value : decode_text(value);
}

// A field that RFC 3464 names, and what it does to the block that it stands in.
struct MessageFieldReader {
  std::string_view name;
  void (*read)(std::string_view value, Report& report);
};

constexpr std::array kMessageFields = {
    MessageFieldReader{"Original-Envelope-Id",
                       [](std::string_view v, Report& r) { r.original_envelope_id = unfold(v); }},
    MessageFieldReader{"Reporting-MTA",
                       [](std::string_view v, Report& r) { r.reporting_mta = decode_mta(v).name; }},
    MessageFieldReader{
        "Received-From-MTA",
        [](std::string_view v, Report& r) { r.received_from_mta = decode_mta(v).name; }},
    MessageFieldReader{"Arrival-Date",
                       [](std::string_view v, Report& r) { r.arrival_date = decode_date(v); }},
    MessageFieldReader{"X-Postfix-Queue-ID",
                       [](std::string_view v, Report& r) {
                         r.queue_id = unfold(v);
                         r.by_postfix = true;
                       }},
    MessageFieldReader{
        "X-Postfix-Sender",
        [](std::string_view v, Report& r) { r.original_sender = decode_recipient(v); }},
};

struct RecipientFieldReader {
  std::string_view name;
  void (*read)(std::string_view value, RecipientReport& recipient);
};

void read_remote_mta(std::string_view value, RecipientReport& recipient) {
  MtaName mta = decode_mta(value);
  recipient.remote_mta = std::move(mta.name);
  recipient.remote_mta_address = std::move(mta.address);
}

void read_status(std::string_view value, RecipientReport& recipient) {
  recipient.status_text = unfold(value);
  recipient.status = find_enhanced_status(recipient.status_text);
}

void read_action(std::string_view value, RecipientReport& recipient) {
  recipient.action_text = unfold(value);
  recipient.action = parse_action(recipient.action_text);
}

void read_diagnostic(std::string_view value, RecipientReport& recipient) {
  TypedValue typed = split_type(value);
  recipient.diagnostic_type = std::move(typed.type);
  recipient.diagnostic = diagnostic_text(typed.value);
}

constexpr std::array kRecipientFields = {
    RecipientFieldReader{
        "Final-Recipient",
        [](std::string_view v, RecipientReport& r) { r.final_recipient = decode_recipient(v); }},
    RecipientFieldReader{
        "Original-Recipient",
        [](std::string_view v, RecipientReport& r) { r.original_recipient = decode_recipient(v); }},
    RecipientFieldReader{
        "X-Actual-Recipient",
        [](std::string_view v, RecipientReport& r) { r.actual_recipient = decode_recipient(v); }},
    RecipientFieldReader{"Action", read_action},
    RecipientFieldReader{"Status", read_status},
    RecipientFieldReader{"Remote-MTA", read_remote_mta},
    RecipientFieldReader{"Diagnostic-Code", read_diagnostic},
    RecipientFieldReader{
        "Last-Attempt-Date",
        [](std::string_view v, RecipientReport& r) { r.last_attempt = decode_date(v); }},
    RecipientFieldReader{
        "Final-Log-ID",
        [](std::string_view v, RecipientReport& r) { r.final_log_id = split_type(v).value; }},
    RecipientFieldReader{
        "Will-Retry-Until",
        [](std::string_view v, RecipientReport& r) { r.will_retry_until = decode_date(v); }},
};

template <typename Readers>
const typename Readers::value_type* find_reader(const Readers& readers, std::string_view name) {
  for (const auto& reader : readers) {
    if (equals_ignoring_case(reader.name, name)) return &reader;
  }
  return nullptr;
}

// Sorts the fields of a delivery-status part into the message's and each recipient's, whatever the
// blocks look like.
class StatusReader {
 public:
  explicit StatusReader(Report& report) : report_(report) {}

  // Extension fields (section 2.4) may stand in front of the one that names the recipient.
  bool begin_block(const std::vector<HeaderField>& fields) {
    fresh_block_ = true;
    is_recipients_ = std::any_of(fields.begin(), fields.end(), [](const HeaderField& field) {
      const auto* const reader = find_reader(kRecipientFields, field.name);
      return reader != nullptr && tells_of_recipient(reader->name);
    });
    for (const HeaderField& field : fields) {
      if (find_reader(kMessageFields, field.name) != nullptr) return true;
      const auto* const reader = find_reader(kRecipientFields, field.name);
      if (reader != nullptr && identifies(reader->name)) {
        return !starts_recipient(reader->name) || add_recipient();
      }
    }
    return true;
  }

  // False: there are too many recipients, and reading ends.
  bool read(const HeaderField& field) {
    if (const auto* const reader = find_reader(kMessageFields, field.name)) {
      reader->read(field.value, report_);
      return true;
    }
    if (const auto* const reader = find_reader(kRecipientFields, field.name)) {
      if (!is_recipients_ && report_.recipients.empty()) return true;
      if (starts_recipient(reader->name) && !add_recipient()) return false;
      if (is_first(reader->name)) reader->read(field.value, report_.recipients.back());
    }
    return true;
  }

 private:
  // A recipient's fields begin with the first one in a new block that the last recipient has
  // already, or with a second Final-Recipient where the empty line is missing.
  bool starts_recipient(std::string_view name) const {
    if (report_.recipients.empty()) return true;
    const bool seen = (seen_ & bit(name)) != 0;
    if (fresh_block_) return is_recipients_ && (seen || identifies(name) || complete());
    return seen && name == "Final-Recipient";
  }

  bool add_recipient() {
    if (report_.recipients.size() == kMaxRecipients) {
      report_.cut = Doubt::kManyBlocks;
      return false;
    }
    report_.recipients.emplace_back();
    seen_ = 0;
    fresh_block_ = false;
    return true;
  }

  // Marks the field as seen. False: the recipient has had it already, and the first one counts.
  bool is_first(std::string_view name) {
    fresh_block_ = false;
    const bool first = (seen_ & bit(name)) == 0;
    seen_ |= bit(name);
    return first;
  }

  static bool identifies(std::string_view name) {
    return name == "Final-Recipient" || name == "Original-Recipient" ||
           name == "X-Actual-Recipient";
  }

  // A time or a log's ID may stray into the message's block, or below an empty line: no recipient.
  static bool tells_of_recipient(std::string_view name) {
    return identifies(name) || name == "Action" || name == "Status" || name == "Diagnostic-Code";
  }

  bool complete() const { return (seen_ & bit("Action")) != 0 && (seen_ & bit("Status")) != 0; }

  static unsigned bit(std::string_view name) {
    const auto* const reader = find_reader(kRecipientFields, name);
    return 1U << static_cast<unsigned>(reader - kRecipientFields.data());
  }

  Report& report_;
  unsigned seen_ = 0;  // of kRecipientFields, by the last recipient
  bool fresh_block_ = true;
  bool is_recipients_ = false;  // the block tells of a recipient
};

// The next run of lines up to an empty one; takes the empty line too.
std::string_view take_block(std::string_view& rest) {
  const std::string_view begin = rest;
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (trim(line).empty())
      return begin.substr(0, static_cast<std::size_t>(line.data() - begin.data()));
  }
  return begin;
}

// A line that is no field is passed over.
std::vector<HeaderField> read_block(std::string_view block) {
  std::vector<HeaderField> fields;
  while (!block.empty()) {
    const Header header = read_header(block);
    fields.insert(fields.end(), header.fields.begin(), header.fields.end());
    block.remove_prefix(header.length);
    if (header.broken && !block.empty()) take_line(block);
    if (header.too_long || fields.size() > kMaxHeaderFields) break;
  }
  return fields;
}

}  // namespace

bool read_delivery_status(std::string_view text, Report& report, const std::stop_token& stop) {
  StatusReader reader(report);
  bool any = false;
  std::string_view rest = text;
  while (!rest.empty()) {
    end_if_stopped(stop);
    const std::vector<HeaderField> fields = read_block(take_block(rest));
    any = any || !fields.empty();
    if (!reader.begin_block(fields)) return any;
    for (const HeaderField& field : fields) {
      if (!reader.read(field)) return any;
    }
  }
  return any;
}

}  // namespace plainbounce

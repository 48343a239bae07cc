#include "lib/report/prose/other_bounce.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/base/text.h"
#include "lib/report/delivery_status.h"
#include "lib/report/prose/bounce_text.h"
#include "lib/report/prose/failed_address.h"
#include "lib/report/prose/prose_lines.h"
#include "lib/report/prose/recipient_words.h"
#include "lib/report/returned_message.h"

namespace plainbounce {
namespace {

// Text parts besides the first that are read, and the levels of multiparts they are looked for in.
constexpr std::size_t kMaxTexts = 8;
constexpr int kMaxTextDepth = 4;

void collect_texts(const Entity& entity, int depth, const StockPhrases& phrases,
                   std::vector<std::string>& texts) {
  if (texts.size() == kMaxTexts) return;
  if (entity.type.name == "text/plain") {
    // A part whose header is the returned message's own: the part's header was forgotten.
    const BounceText misplaced = split_bounce_text(entity.bytes.substr(0, kMaxWords), phrases);
    const bool is_message = !misplaced.returned.empty() && misplaced.words.empty();
    texts.push_back(is_message ? valid_utf8(misplaced.returned)
                               : decode_content(entity, kMaxWords));
  } else if (entity.type.is_multipart() && depth > 0) {
    for (const std::string_view part :
         split_multipart(entity.content, entity.type.boundary).parts) {
      collect_texts(read_entity(part), depth - 1, phrases, texts);
    }
  }
}

// A message that is set in from the margin, moved back to it.
std::string without_margin(std::string_view text) {
  const std::size_t margin = std::min(text.find_first_not_of(' '), text.size());
  if (margin == 0) return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    line.remove_prefix(std::min({margin, line.find_first_not_of(' '), line.size()}));
    out += line;
    out += '\n';
  }
  return out;
}

// The words of all text parts, and the first message that comes back in one.
struct Collected {
  std::string words;
  std::string returned;
};

Collected collect(const PartList& parts, const Report& report, const StockPhrases& phrases) {
  std::vector<std::string> texts;
  for (std::size_t i = 1; i < parts.parts.size(); ++i) {
    collect_texts(read_entity(parts.parts[i]), kMaxTextDepth, phrases, texts);
  }
  texts.insert(texts.begin(), report.notification.text);
  Collected collected;
  for (const std::string& text : texts) {
    const BounceText split = split_bounce_text(text, phrases);
    if (!collected.words.empty()) collected.words += "\n\n";
    collected.words += without_footer(split.words, phrases);
    if (collected.returned.empty()) collected.returned = without_margin(split.returned);
  }
  return collected;
}

void read_returned_text(std::string_view bytes, Report& report) {
  Entity part;
  part.bytes = part.content = bytes;
  part.type.name = "message/rfc822";
  ReturnedHeader returned = read_returned_message(part, false, report.reporting_mta);
  report.returned = std::move(returned.message);
  if (report.original_sender.empty()) report.original_sender = std::move(returned.return_path);
}

// Where a delivery-status block in the words begins; the words' length: nowhere.
std::size_t find_status_block(std::string_view words) {
  static constexpr std::array<std::string_view, 3> kFields = {
      "final-recipient:", "original-recipient:", "action:"};
  for (std::string_view rest = words; !rest.empty();) {
    const auto offset = static_cast<std::size_t>(rest.data() - words.data());
    const std::string line = ascii_lower(take_line(rest));
    if (std::any_of(kFields.begin(), kFields.end(),
                    [&](std::string_view name) { return line.starts_with(name); })) {
      return offset;
    }
  }
  return words.size();
}

std::vector<RecipientReport> read_status_block(std::string_view fields,
                                               const std::stop_token& stop) {
  if (fields.empty()) return {};
  Report block;
  read_delivery_status(fields, block, stop);
  std::erase_if(block.recipients, [](const RecipientReport& recipient) {
    return recipient.final_recipient.find('@') == std::string::npos &&
           recipient.original_recipient.find('@') == std::string::npos;
  });
  for (RecipientReport& recipient : block.recipients) {
    // "4.0.0 (example.net: host name lookup failure)"
    if (recipient.diagnostic.empty()) recipient.diagnostic = recipient.status_text;
  }
  return std::move(block.recipients);
}

// Postfix' copies of a session to the postmaster: the other side was told, and may try again.
bool is_session_copy(std::string_view words) {
  return words.find("\n Out: ") != std::string_view::npos &&
         words.find("\n In:  ") != std::string_view::npos;
}

}  // namespace

Action action_told(std::string_view words, const Report& report, const StockPhrases& phrases) {
  if (is_session_copy(words)) return Action::kNone;
  if (phrases.stand_in(report.subject, PhrasePurpose::kSuccess)) return Action::kDelivered;
  const bool waits = phrases.stand_in(report.subject, PhrasePurpose::kDelay) ||
                     phrases.stand_in(words.substr(0, kMaxPassage), PhrasePurpose::kDelay);
  return waits ? Action::kDelayed : Action::kFailed;
}

void read_other_bounce(const Entity& root, const PartList& parts, std::string_view returned,
                       const StockPhrases& phrases, Report& report, const std::stop_token& stop) {
  const Collected text = collect(parts, report, phrases);
  if (!report.returned.present && !text.returned.empty()) {
    read_returned_text(text.returned, report);
  }
  end_if_stopped(stop);
  const std::size_t block = find_status_block(text.words);
  report.recipients = read_status_block(text.words.substr(block), stop);
  if (!report.recipients.empty()) {
    add_passages(text.words.substr(0, block), phrases, report.recipients, stop);
    return;
  }
  const Header returned_header = read_header(returned.empty() ? text.returned : returned);
  end_if_stopped(stop);
  const Action action = action_told(text.words, report, phrases);
  const auto add = [&](std::string& address, Action what) {
    RecipientReport& recipient = report.recipients.emplace_back();
    recipient.final_recipient = std::move(address);
    recipient.action = what;
  };
  NamedAddresses told =
      find_addresses_told({root.header, text.words, returned_header, report, phrases});
  for (std::string& address : told.failed) add(address, action);
  for (std::string& address : told.reached) add(address, Action::kDelivered);
  take_words(text.words, report.subject, phrases, report.recipients, stop);
}

}  // namespace plainbounce

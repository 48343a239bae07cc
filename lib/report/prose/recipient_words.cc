#include "lib/report/prose/recipient_words.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/address_scan.h"
#include "lib/mail/header.h"
#include "lib/report/prose/failed_address.h"
#include "lib/report/prose/notification_passage.h"
#include "lib/report/prose/transcript.h"

namespace plainbounce {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

bool is_blank(std::string_view line) { return trim(line).empty(); }

// Where a line gives a refusal: "550 5.1.1 ...", "<<< 450-...", "[550 ...]". Nothing: it doesn't.
std::optional<std::string_view> reply_in(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t<>[(#'\"*"), line.size()));
  const bool refusal = line.size() > 3 && (line[0] == '4' || line[0] == '5') && is_digit(line[1]) &&
                       is_digit(line[2]) &&
                       (line[3] == ' ' || line[3] == '-' || line[3] == ':' ||
                        (line[3] == '.' && line.size() > 4 && !is_digit(line[4])));
  return refusal ? std::optional(line) : std::nullopt;
}

// Where the words introduce the reply in the same line: "... was: 550 5.1.1 ...", ">>> 550 ...".
std::optional<std::string_view> reply_within(std::string_view line) {
  for (const std::string_view mark : {": ", ">>> ", "<<< ", "], ", "reason ", "error "}) {
    for (std::size_t found = line.find(mark); found != std::string_view::npos;
         found = line.find(mark, found + 1)) {
      if (const auto reply = reply_in(line.substr(found + mark.size()))) return reply;
    }
  }
  return std::nullopt;
}

// The sentences that stand in every bounce of their server fall away: they say "rejected" and
// "refused" of whatever happened.
std::string without_stock_sentences(std::string_view text, const StockPhrases& phrases) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(". "), text.find(": "));
    const std::string_view sentence = text.substr(0, end == std::string_view::npos ? end : end + 2);
    if (!phrases.stand_in(sentence, PhrasePurpose::kStock)) out += sentence;
    text.remove_prefix(sentence.size());
  }
  return out;
}

// Where a recipient is named.
struct Anchor {
  std::size_t line = kNone;
  bool leads = false;  // the line begins with the address
};

class RecipientWords {
 public:
  RecipientWords(std::string_view words, const StockPhrases& phrases,
                 const std::vector<RecipientReport>& recipients)
      : phrases_(phrases), anchors_(recipients.size()) {
    while (!words.empty()) lines_.push_back(take_line(words));
    for (std::size_t i = 0; i < recipients.size(); ++i) {
      by_name_.emplace(ascii_lower(recipients[i].final_recipient), i);
    }
    for (std::size_t i = 0; i < lines_.size(); ++i) read_line(i);
    for (const Anchor& anchor : anchors_) {
      if (anchor.line == kNone) continue;
      starts_.push_back(anchor.line);
    }
    std::sort(starts_.begin(), starts_.end());
  }

  // The lines from where the recipient is named to where another is.
  std::string block(std::size_t recipient) const {
    const Anchor& anchor = anchors_[recipient];
    if (anchor.line == kNone) return {};
    return join(anchor.line, block_end(anchor.line));
  }

  // The server's reply; failing that, the words that the address stands in front of.
  std::string diagnostic(std::size_t recipient) const {
    const Anchor& anchor = anchors_[recipient];
    const std::size_t begin = anchor.line == kNone ? 0 : anchor.line;
    const std::size_t end = anchor.line == kNone ? lines_.size() : block_end(anchor.line);
    for (std::size_t i = begin; i < end; ++i) {
      auto reply = reply_in(lines_[i]);
      if (!reply) reply = reply_within(lines_[i]);
      if (!reply) continue;
      std::string text(*reply);
      append(text, i + 1, std::min(end, end_of_paragraph(i)));
      return collapse_space(cut_utf8(text, kMaxPassage));
    }
    return anchor.leads ? entry(anchor.line, end) : std::string();
  }

  const std::vector<std::string_view>& lines() const { return lines_; }

 private:
  void read_line(std::size_t line) {
    const std::string_view leader = leading_address(lines_[line]);
    if (!leader.empty()) note(leader, line, true);
    for (const std::string_view address : find_addresses(lines_[line])) note(address, line, false);
  }

  void note(std::string_view address, std::size_t line, bool leads) {
    const auto found = by_name_.find(ascii_lower(address));
    if (found == by_name_.end()) return;
    Anchor& anchor = anchors_[found->second];
    if (anchor.line == kNone || (leads && !anchor.leads)) anchor = {line, leads};
  }

  std::size_t block_end(std::size_t line) const {
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), line);
    return next == starts_.end() ? lines_.size() : *next;
  }

  std::size_t end_of_paragraph(std::size_t line) const {
    while (line < lines_.size() && !is_blank(lines_[line])) ++line;
    return line;
  }

  // The first paragraph that says something, without the address in front of it.
  std::string entry(std::size_t line, std::size_t end) const {
    const std::string_view address = leading_address(lines_[line]);
    const auto after =
        static_cast<std::size_t>(address.data() + address.size() - lines_[line].data());
    std::string text(trim(lines_[line].substr(after)));
    text.erase(0, std::min(text.find_first_not_of(" \t>\"')]:.,-"), text.size()));
    append(text, line + 1, std::min(end, end_of_paragraph(line)));
    std::size_t next = std::min(end, end_of_paragraph(line));
    if (trim(text).empty()) {
      while (next < end && is_blank(lines_[next])) ++next;
      append(text, next, std::min(end, end_of_paragraph(next)));
    }
    return without_stock_sentences(collapse_space(text), phrases_);
  }

  void append(std::string& text, std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end && text.size() < kMaxPassage; ++i) {
      if (!text.empty()) text += ' ';
      text += cut_utf8(trim(lines_[i]), kMaxPassage);
    }
  }

  std::string join(std::size_t begin, std::size_t end) const {
    std::string text;
    append(text, begin, end);
    return collapse_space(cut_utf8(text, kMaxPassage));
  }

  const StockPhrases& phrases_;
  std::vector<std::string_view> lines_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::vector<Anchor> anchors_;
  std::vector<std::size_t> starts_;  // the anchors' lines, in order
};

std::unordered_set<std::string> names_of(const std::vector<RecipientReport>& recipients) {
  std::unordered_set<std::string> names;
  for (const RecipientReport& recipient : recipients) {
    const std::string address = ascii_lower(recipient.final_recipient);
    names.insert(address);
    names.insert(address.substr(0, address.rfind('@')));
  }
  return names;
}

std::string_view session_about(const Transcript& transcript, const std::string& address,
                               bool only_one) {
  if (only_one) return transcript.whole();
  const std::string name = ascii_lower(address);
  const std::string_view text = transcript.about(name);
  return text.empty() ? transcript.about(name.substr(0, name.rfind('@'))) : text;
}

// Several addresses may stand above one explanation for all of them.
constexpr std::size_t kTellingBytes = 12;

}  // namespace

void take_recipient_words(std::string_view words, std::string_view subject,
                          const StockPhrases& phrases, std::vector<RecipientReport>& recipients) {
  const RecipientWords all(words, phrases, recipients);
  const auto names = names_of(recipients);
  const Transcript transcript(all.lines(), names, kMaxPassage);
  const bool only_one = recipients.size() == 1;
  const std::string context = without_stock_sentences(
      collapse_space(std::string(subject) + ". " + std::string(cut_utf8(words, 2 * kMaxPassage))),
      phrases);
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    RecipientReport& recipient = recipients[i];
    recipient.diagnostic = session_about(transcript, recipient.final_recipient, only_one);
    if (recipient.diagnostic.empty()) recipient.diagnostic = all.diagnostic(i);
    if (only_one) {
      recipient.passage = cut_utf8(context, kMaxPassage);
      continue;
    }
    recipient.passage = all.block(i);
    if (recipient.passage.size() < recipient.final_recipient.size() + kTellingBytes) {
      recipient.passage = cut_utf8(context, kMaxPassage);
    }
  }
}

}  // namespace plainbounce

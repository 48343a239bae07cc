#include "lib/report/prose/notification_passage.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/address_scan.h"
#include "lib/mail/header.h"
#include "lib/report/prose/transcript.h"

namespace plainbounce {
namespace {

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) lines.push_back(take_line(text));
  return lines;
}

std::size_t indentation(std::string_view line) {
  const std::size_t blanks = line.find_first_not_of(" \t");
  return blanks == std::string_view::npos ? line.size() : blanks;
}

bool is_blank(std::string_view line) { return trim(line).empty(); }

// An empty line, or Sendmail's "   ----- Transcript of session follows -----".
bool ends_paragraph(std::string_view line) {
  const std::string_view text = trim(line);
  return text.empty() || text.starts_with("-----");
}

// A header line of the message that is returned below the words.
bool is_header_line(std::string_view line) {
  line = trim(line);
  for (const std::string_view name : {"To:", "Cc:", "From:", "Subject:", "Delivered-To:"}) {
    if (line.size() >= name.size() && equals_ignoring_case(line.substr(0, name.size()), name)) {
      return true;
    }
  }
  return false;
}

// What mail programs make of a linked address: "anna@example.com (anna@example.com)<mailto:...>".
std::string_view without_link(std::string_view text) {
  for (const auto& [open, close] : {std::pair('(', ')'), std::pair('<', '>')}) {
    const std::size_t end = text.find(close);
    if (!text.starts_with(open) || end == std::string_view::npos) continue;
    const std::string_view inner = text.substr(1, end - 1);
    const bool address =
        inner.find('@') != std::string_view::npos && inner.find(' ') == std::string_view::npos;
    if (address) text = trim(text.substr(end + 1));
  }
  return text;
}

// In lower case.
using Names = std::unordered_set<std::string>;

// Lines of the text that are about one address.
struct Passage {
  std::string_view first;   // what the first line says after the address
  std::uint32_t begin = 0;  // the lines after the first one
  std::uint32_t end = 0;
  std::uint32_t lead_begin = 0;  // the paragraph above the addresses: "Delivery to these failed."
  std::uint32_t lead_end = 0;
};

// Finds passages by address, in lower case. `strong` ones begin with the address, `weak` ones
// mention it.
class PassageIndex {
 public:
  PassageIndex(const std::vector<std::string_view>& lines, const Names& wanted)
      : lines_(lines), wanted_(wanted) {
    for (std::uint32_t i = 0; i < lines_.size();) i = read_from(i);
  }

  // The paragraph above the entry of an address that has no words of its own.
  std::string lead(const std::string& name) const {
    const auto found = strong_.find(name);
    if (found == strong_.end()) return {};
    const Passage& passage = passages_[found->second];
    return text({{}, passage.lead_begin, passage.lead_end, 0, 0});
  }

  std::string strong(const std::string& name) const { return find(strong_, name); }
  std::string weak(const std::string& name) const { return find(weak_, name); }

 private:
  using Index = std::unordered_map<std::string, std::uint32_t>;

  // Reads an entry or a line, and returns where the next begins.
  std::uint32_t read_from(std::uint32_t line) {
    if (const auto leading = find_leading_address(lines_[line])) {
      // A word that no address sign is in heads an entry only where indented lines follow.
      const bool heads = leading->address.find('@') != std::string_view::npos ||
                         (leading->rest.empty() && deeper(line + 1, line));
      if (heads) return add_entry(line, end_of_entry(line, !leading->rest.empty()), *leading);
    }
    note_lead(line);
    if (is_header_line(lines_[line])) return line + 1;
    for (const std::string_view address : find_addresses(lines_[line])) {
      add(weak_, address, {trim(lines_[line]), line + 1, end_of_paragraph(line), 0, 0});
    }
    return line + 1;
  }

  void note_lead(std::uint32_t line) {
    if (is_blank(lines_[line])) return;
    if (line != lead_end_) lead_begin_ = line;
    lead_end_ = line + 1;
  }

  std::uint32_t add_entry(std::uint32_t line, std::uint32_t end, const LeadingAddress& leading) {
    const Passage passage{without_link(leading.rest), line + 1, end, lead_begin_, lead_end_};
    add(strong_, leading.address, passage);
    for (std::uint32_t i = line; i < end; ++i) {
      for (const std::string_view address : find_addresses(lines_[i])) add(weak_, address, passage);
    }
    return end;
  }

  bool deeper(std::uint32_t line, std::uint32_t than) const {
    return line < lines_.size() && !is_blank(lines_[line]) &&
           indentation(lines_[line]) > indentation(lines_[than]);
  }

  // An entry goes on to an empty line, or to the next entry at its own depth. The words may follow
  // after an empty line where the address stands alone.
  std::uint32_t end_of_entry(std::uint32_t line, bool has_words) const {
    std::uint32_t i = line + 1;
    if (!has_words) {
      while (i < lines_.size() && is_blank(lines_[i])) ++i;
      const bool words = i < lines_.size() && !ends_paragraph(lines_[i]) && !begins_entry(i, line);
      if (!words) return line + 1;
    }
    while (i < lines_.size() && !ends_paragraph(lines_[i]) && !begins_entry(i, line)) ++i;
    return i;
  }

  bool begins_entry(std::uint32_t line, std::uint32_t after) const {
    if (indentation(lines_[line]) > indentation(lines_[after])) return false;
    const auto leading = find_leading_address(lines_[line]);
    return leading && !leading->dots && leading->address.find('@') != std::string_view::npos;
  }

  std::uint32_t end_of_paragraph(std::uint32_t line) {
    if (line < paragraph_end_) return paragraph_end_;
    std::uint32_t i = line;
    while (i < lines_.size() && !ends_paragraph(lines_[i])) ++i;
    paragraph_end_ = i;
    return i;
  }

  void add(Index& index, std::string_view address, const Passage& passage) {
    std::string name = ascii_lower(address);
    if (!wanted_.contains(name)) return;
    const auto [place, fresh] =
        index.try_emplace(std::move(name), static_cast<std::uint32_t>(passages_.size()));
    if (fresh) passages_.push_back(passage);
  }

  std::string find(const Index& index, const std::string& name) const {
    const auto found = index.find(name);
    return found == index.end() ? std::string() : text(passages_[found->second]);
  }

  std::string text(const Passage& passage) const {
    std::string joined(cut_utf8(passage.first, kMaxPassage));
    for (std::uint32_t i = passage.begin; i < passage.end && joined.size() < kMaxPassage; ++i) {
      joined += ' ';
      joined += cut_utf8(trim(lines_[i]), kMaxPassage);
    }
    return collapse_space(cut_utf8(joined, kMaxPassage));
  }

  const std::vector<std::string_view>& lines_;
  const Names& wanted_;
  std::vector<Passage> passages_;
  Index strong_;
  Index weak_;
  std::uint32_t paragraph_end_ = 0;
  std::uint32_t lead_begin_ = 0;  // the last paragraph that is no entry
  std::uint32_t lead_end_ = 0;
};

std::string_view local_part(std::string_view address) {
  return address.substr(0, address.rfind('@'));
}

// What the text may call the recipient, the surest name first.
std::array<std::string, 6> names_of(const RecipientReport& recipient) {
  const std::string addresses[] = {ascii_lower(recipient.final_recipient),
                                   ascii_lower(recipient.actual_recipient),
                                   ascii_lower(recipient.original_recipient)};
  // Sendmail names its own users without a domain.
  return {addresses[0],
          addresses[1],
          addresses[2],
          std::string(local_part(addresses[0])),
          std::string(local_part(addresses[1])),
          std::string(local_part(addresses[2]))};
}

Names wanted_names(const std::vector<RecipientReport>& recipients) {
  Names wanted;
  for (const RecipientReport& recipient : recipients) {
    for (std::string& name : names_of(recipient)) {
      if (!name.empty()) wanted.insert(std::move(name));
    }
  }
  return wanted;
}

std::string entry_text(const PassageIndex& index, const RecipientReport& recipient) {
  const auto names = names_of(recipient);
  for (const std::string& name : {names[0], names[1], names[2]}) {
    if (std::string text = index.strong(name); !text.empty()) return text;
  }
  for (const std::string& name : {names[0], names[1], names[2]}) {
    if (std::string text = index.weak(name); !text.empty()) return text;
  }
  for (const std::string& name : {names[3], names[4], names[5]}) {
    if (std::string text = index.strong(name); !text.empty()) return text;
  }
  if (!recipient.diagnostic.empty()) return {};
  for (const std::string& name : {names[0], names[1], names[2]}) {
    if (std::string text = index.lead(name); !text.empty()) return text;
  }
  return {};
}

std::string_view transcript_text(const Transcript& transcript, const RecipientReport& recipient,
                                 bool only_one) {
  if (only_one) return transcript.whole();
  for (const std::string& name : names_of(recipient)) {
    const std::string_view text = transcript.about(name);
    if (!text.empty()) return text;
  }
  return {};
}

// "(reason: 550 ...)" -> "550 ..."
std::string_view without_reason_mark(std::string_view text) {
  constexpr std::string_view kMark = "(reason: ";
  if (text.starts_with("(expanded from: ") && text.ends_with(')')) return {};
  if (!text.starts_with(kMark)) return text;
  text.remove_prefix(kMark.size());
  const std::size_t close = text.rfind(") (expanded from: ");
  if (close != std::string_view::npos) return text.substr(0, close);
  if (text.ends_with(')')) text.remove_suffix(1);
  return text;
}

// The transcript has the reason's words again, and in full.
std::string join_with_transcript(std::string_view entry, std::string_view transcript) {
  const std::string_view reason = without_reason_mark(entry);
  if (transcript.find(reason) != std::string_view::npos) return std::string(transcript);
  std::string text(reason);
  text += ' ';
  text += transcript;
  return std::string(cut_utf8(text, kMaxPassage));
}

}  // namespace

void find_passages(std::string_view text, std::vector<RecipientReport>& recipients) {
  const std::vector<std::string_view> lines = split_lines(text);
  const Names wanted = wanted_names(recipients);
  const PassageIndex index(lines, wanted);
  const Transcript transcript(lines, wanted, kMaxPassage);
  for (RecipientReport& recipient : recipients) {
    const std::string entry = entry_text(index, recipient);
    const std::string_view session = transcript_text(transcript, recipient, recipients.size() == 1);
    recipient.passage = session.empty() ? std::string(without_reason_mark(entry))
                                        : join_with_transcript(entry, session);
  }
}

}  // namespace plainbounce

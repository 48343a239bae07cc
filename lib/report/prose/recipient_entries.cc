#include "lib/report/prose/recipient_entries.h"

#include <array>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/mail/address.h"

namespace plainbounce {
namespace {

std::size_t indentation(std::string_view line) {
  const std::size_t blanks = line.find_first_not_of(" \t");
  return blanks == std::string_view::npos ? line.size() : blanks;
}

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

}  // namespace

RecipientEntries::RecipientEntries(const ProseLines& lines,
                                   const std::unordered_set<std::string>& wanted,
                                   const std::stop_token& stop)
    : lines_(lines), wanted_(wanted) {
  for (std::size_t i = 0; i < lines_.size();) {
    end_if_stopped(stop);
    i = read_from(i);
  }
}

std::string RecipientEntries::entry(const std::string& name) const { return find(entries_, name); }

std::string RecipientEntries::mention(const std::string& name) const {
  return find(mentions_, name);
}

std::string RecipientEntries::lead(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return {};
  const Entry& entry = all_[found->second];
  return join_lines(lines_, entry.lead_begin, entry.lead_end);
}

// Reads an entry or a line, and returns where the next begins.
std::size_t RecipientEntries::read_from(std::size_t line) {
  if (const auto leading = find_leading_address(lines_[line])) {
    // A word that no address sign is in heads an entry only where indented lines follow.
    const bool heads = leading->address.find('@') != std::string_view::npos ||
                       (leading->rest.empty() && is_deeper(line + 1, line));
    if (heads) return add_entry(line, end_of_entry(line, !leading->rest.empty()), *leading);
  }
  note_lead(line);
  if (is_header_line(lines_[line])) return line + 1;
  for (const std::string_view address : find_addresses(lines_[line])) {
    add(mentions_, address, {trim(lines_[line]), line + 1, end_of_paragraph(line), 0, 0});
  }
  return line + 1;
}

void RecipientEntries::note_lead(std::size_t line) {
  if (is_empty_line(lines_[line])) return;
  if (line != lead_end_) lead_begin_ = line;
  lead_end_ = line + 1;
}

std::size_t RecipientEntries::add_entry(std::size_t line, std::size_t end,
                                        const LeadingAddress& leading) {
  const Entry entry{without_link(leading.rest), line + 1, end, lead_begin_, lead_end_};
  add(entries_, leading.address, entry);
  for (std::size_t i = line; i < end; ++i) {
    for (const std::string_view address : find_addresses(lines_[i])) add(mentions_, address, entry);
  }
  return end;
}

bool RecipientEntries::is_deeper(std::size_t line, std::size_t than) const {
  return line < lines_.size() && !is_empty_line(lines_[line]) &&
         indentation(lines_[line]) > indentation(lines_[than]);
}

// An entry goes on to an empty line, or to the next entry at its own depth. The words may follow
// after an empty line where the address stands alone.
std::size_t RecipientEntries::end_of_entry(std::size_t line, bool has_words) const {
  const auto goes_on = [&](std::size_t i) {
    return i < lines_.size() && !ends_paragraph(lines_[i]) && !begins_entry(i, line);
  };
  std::size_t i = line + 1;
  if (!has_words) {
    while (i < lines_.size() && is_empty_line(lines_[i])) ++i;
    if (!goes_on(i)) return line + 1;
  }
  while (goes_on(i)) ++i;
  return i;
}

bool RecipientEntries::begins_entry(std::size_t line, std::size_t after) const {
  if (indentation(lines_[line]) > indentation(lines_[after])) return false;
  const auto leading = find_leading_address(lines_[line]);
  return leading && !leading->dots && leading->address.find('@') != std::string_view::npos;
}

std::size_t RecipientEntries::end_of_paragraph(std::size_t line) {
  if (line < paragraph_end_) return paragraph_end_;
  std::size_t i = line;
  while (i < lines_.size() && !ends_paragraph(lines_[i])) ++i;
  paragraph_end_ = i;
  return i;
}

void RecipientEntries::add(Index& index, std::string_view address, const Entry& entry) {
  std::string name = canonical_address(address);
  if (!wanted_.contains(name)) return;
  const auto [place, fresh] = index.try_emplace(std::move(name), all_.size());
  if (fresh) all_.push_back(entry);
}

std::string RecipientEntries::find(const Index& index, const std::string& name) const {
  const auto found = index.find(name);
  if (found == index.end()) return {};
  const Entry& entry = all_[found->second];
  return join_lines(lines_, entry.begin, entry.end, entry.first);
}

}  // namespace plainbounce

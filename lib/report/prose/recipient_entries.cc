#include "lib/report/prose/recipient_entries.h"

#include <algorithm>
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

// Entries that are kept of one name, and origins of one entry.
constexpr std::size_t kMaxEntriesOfName = 100;
constexpr std::size_t kMaxOrigins = 8;

// An empty line, Sendmail's "   ----- Transcript of session follows -----", or a rule.
bool ends_paragraph(std::string_view line) { return is_empty_line(line) || is_ruled_line(line); }

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

RecipientEntries::RecipientEntries(const ProseLines& lines, const StockPhrases& phrases,
                                   const std::unordered_set<std::string>& wanted,
                                   const std::stop_token& stop)
    : lines_(lines), phrases_(phrases), wanted_(wanted) {
  for (std::size_t i = 0; i < lines_.size();) {
    end_if_stopped(stop);
    i = read_from(i);
  }
}

std::string RecipientEntries::entry(const std::string& name, const std::string& origin) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return {};
  const std::vector<std::size_t>& places = found->second;
  const auto wanted = std::find_if(places.begin(), places.end(), [&](std::size_t place) {
    const auto& origins = all_[place].origins;
    return std::find(origins.begin(), origins.end(), origin) != origins.end();
  });
  return text_of(all_[wanted == places.end() ? places.front() : *wanted]);
}

std::string RecipientEntries::mention(const std::string& name) const {
  const auto found = mentions_.find(name);
  return found == mentions_.end() ? std::string() : text_of(all_[found->second]);
}

std::string RecipientEntries::lead(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return {};
  const Entry& entry = all_[found->second.front()];
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
  if (heads_nameless(line)) return add_entry(line, end_of_entry(line, false), {});
  note_lead(line);
  if (!is_header_line(lines_[line])) {
    Entry mention;
    mention.first = trim(lines_[line]);
    mention.begin = line + 1;
    for (const std::string_view address : find_addresses(lines_[line])) {
      std::string name = canonical_address(address);
      if (!wanted_.contains(name) || mentions_.contains(name)) continue;
      mention.end = end_of_paragraph(line);
      mentions_.emplace(std::move(name), all_.size());
      all_.push_back(mention);
    }
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
  const std::size_t place = all_.size();
  Entry entry;
  entry.first = without_link(leading.rest);
  entry.begin = line + 1;
  entry.end = end;
  entry.lead_begin = lead_begin_;
  entry.lead_end = lead_end_;
  // "<anna@example.com> (expanded from <all@example.com>): ..."
  const std::string_view after =
      leading.address.empty()
          ? std::string_view()
          : lines_[line].substr(static_cast<std::size_t>(
                leading.address.data() + leading.address.size() - lines_[line].data()));
  if (after.find('(') != std::string_view::npos) entry.origins = origins_in(after);
  take_origins(entry);
  if (std::string name = canonical_address(leading.address); wanted_.contains(name)) {
    std::vector<std::size_t>& places = entries_[std::move(name)];
    if (places.size() < kMaxEntriesOfName) places.push_back(place);
  }
  all_.push_back(std::move(entry));
  for (std::size_t i = line; i < end; ++i) mention_in(i, place);
  return end;
}

void RecipientEntries::mention_in(std::size_t line, std::size_t entry) {
  for (const std::string_view address : find_addresses(lines_[line])) {
    std::string name = canonical_address(address);
    if (wanted_.contains(name)) mentions_.try_emplace(std::move(name), entry);
  }
}

// The names in "(generated from <anna@example.com>)" that are wanted; empty: it is no such line.
std::vector<std::string> RecipientEntries::origins_in(std::string_view line) const {
  constexpr std::size_t kMaxPhrase = 40;  // bytes in front of the address
  const std::string_view head = line.substr(0, line.find('@'));
  if (head.size() == line.size()) return {};
  const auto addresses = find_addresses(line);
  if (addresses.empty()) return {};
  const std::string_view phrase =
      trim(line.substr(0, static_cast<std::size_t>(addresses.front().data() - line.data())));
  if (phrase.size() > kMaxPhrase || !phrases_.stand_in(phrase, PhrasePurpose::kOrigin)) return {};
  return {canonical_address(addresses.front())};
}

// Lines in front of the words that only tell where the address comes from aren't words.
void RecipientEntries::take_origins(Entry& entry) const {
  bool in_front = entry.first.empty();
  for (std::size_t i = entry.begin; i < entry.end; ++i) {
    std::vector<std::string> origins = origins_in(lines_[i]);
    in_front = in_front && !origins.empty();
    if (in_front) entry.begin = i + 1;
    for (std::string& origin : origins) {
      if (entry.origins.size() < kMaxOrigins) entry.origins.push_back(std::move(origin));
    }
  }
}

bool RecipientEntries::is_deeper(std::size_t line, std::size_t than) const {
  return line < lines_.size() && !is_empty_line(lines_[line]) &&
         indentation(lines_[line]) > indentation(lines_[than]);
}

// An entry goes on to an empty line, or to the next entry at its own depth. Lines below an address
// that stands alone may be deeper than it: then they are all there is, else they may follow after
// an empty line.
std::size_t RecipientEntries::end_of_entry(std::size_t line, bool has_words) const {
  const bool deeper = !has_words && is_deeper(line + 1, line);
  const auto goes_on = [&](std::size_t i) {
    return i < lines_.size() && !ends_paragraph(lines_[i]) && !begins_entry(i, line) &&
           (!deeper || is_deeper(i, line));
  };
  std::size_t i = line + 1;
  if (!has_words) {
    while (i < lines_.size() && is_empty_line(lines_[i])) ++i;
    if (!goes_on(i) || (i > line + 1 && begins_anew(lines_[i]))) return line + 1;
  }
  while (goes_on(i)) ++i;
  return i;
}

// "The following text was generated during the delivery attempts:" and others that speak of all.
bool RecipientEntries::begins_anew(std::string_view line) const {
  return phrases_.stand_in(line, PhrasePurpose::kOutput) ||
         phrases_.stand_in(line, PhrasePurpose::kReturned) ||
         phrases_.stand_in(line, PhrasePurpose::kDelay);
}

// "an undisclosed address", and below it "(generated from anna@example.com)"
bool RecipientEntries::heads_nameless(std::size_t line) const {
  return is_deeper(line + 1, line) && !origins_in(lines_[line + 1]).empty();
}

bool RecipientEntries::begins_entry(std::size_t line, std::size_t after) const {
  if (indentation(lines_[line]) > indentation(lines_[after])) return false;
  if (heads_nameless(line)) return true;
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

std::string RecipientEntries::text_of(const Entry& entry) const {
  return join_lines(lines_, entry.begin, entry.end, entry.first);
}

}  // namespace plainbounce

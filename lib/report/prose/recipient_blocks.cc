#include "lib/report/prose/recipient_blocks.h"

#include <algorithm>
#include <optional>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/mail/address.h"
#include "lib/mail/address_scan.h"
#include "lib/report/prose/failed_address.h"

namespace plainbounce {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

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

}  // namespace

RecipientBlocks::RecipientBlocks(const ProseLines& lines,
                                 const std::vector<RecipientReport>& recipients,
                                 const std::stop_token& stop)
    : lines_(lines), anchors_(recipients.size(), Anchor{kNone}) {
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    by_name_.emplace(canonical_address(recipients[i].final_recipient), i);
  }
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    end_if_stopped(stop);
    read_line(i);
  }
  for (const Anchor& anchor : anchors_) {
    if (anchor.line != kNone) starts_.push_back(anchor.line);
  }
  std::sort(starts_.begin(), starts_.end());
}

std::string RecipientBlocks::text(std::size_t recipient) {
  if (!is_named(recipient)) return {};
  const std::size_t begin = anchors_[recipient].line;
  const auto [place, fresh] = texts_.try_emplace(begin);
  if (fresh) place->second = join_lines(lines_, begin, block_end(begin));
  return place->second;
}

// Many recipients may be named in one line, or in none: their reply is looked for once.
std::string RecipientBlocks::reply(std::size_t recipient) {
  const std::size_t begin = anchors_[recipient].line;
  const auto [place, fresh] = replies_.try_emplace(begin);
  if (fresh) {
    place->second =
        begin == kNone ? find_reply(0, lines_.size()) : find_reply(begin, block_end(begin));
  }
  return place->second;
}

std::string RecipientBlocks::words_below(std::size_t recipient) const {
  const Anchor& anchor = anchors_[recipient];
  if (!anchor.leads) return {};
  const std::string_view line = lines_[anchor.line];
  const std::string_view address = leading_address(line);
  std::string_view rest =
      line.substr(static_cast<std::size_t>(address.data() + address.size() - line.data()));
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t>\"')]:.,-"), rest.size()));
  const std::size_t end = block_end(anchor.line);
  std::size_t next = end_of_paragraph(anchor.line, end);
  std::string text = join_lines(lines_, anchor.line + 1, next, rest);
  if (!text.empty()) return text;
  while (next < end && is_empty_line(lines_[next])) ++next;
  return join_lines(lines_, next, end_of_paragraph(next, end));
}

void RecipientBlocks::read_line(std::size_t line) {
  const std::string_view leader = leading_address(lines_[line]);
  if (!leader.empty()) note(leader, line, true);
  for (const std::string_view address : find_addresses(lines_[line])) note(address, line, false);
}

void RecipientBlocks::note(std::string_view address, std::size_t line, bool leads) {
  const auto found = by_name_.find(canonical_address(address));
  if (found == by_name_.end()) return;
  Anchor& anchor = anchors_[found->second];
  if (anchor.line == kNone || (leads && !anchor.leads)) anchor = {line, leads};
}

bool RecipientBlocks::is_named(std::size_t recipient) const {
  return anchors_[recipient].line != kNone;
}

std::size_t RecipientBlocks::block_end(std::size_t line) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), line);
  return next == starts_.end() ? lines_.size() : *next;
}

std::size_t RecipientBlocks::end_of_paragraph(std::size_t line, std::size_t end) const {
  while (line < end && !is_empty_line(lines_[line])) ++line;
  return line;
}

std::string RecipientBlocks::find_reply(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    ++lines_searched_;
    auto reply = reply_in(lines_[i]);
    if (!reply) reply = reply_within(lines_[i]);
    if (reply) return join_lines(lines_, i + 1, end_of_paragraph(i, end), *reply);
  }
  return {};
}

}  // namespace plainbounce

#include "lib/knowledge/codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "lib/base/data_error.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

constexpr std::array<std::string_view, 7> kReplyColumns = {
    "code", "kind", "meaning", "standard", "cause", "reliability", "explanation"};
constexpr std::array<std::string_view, 8> kStatusColumns = {
    "code",  "provider",           "meaning",     "standard",
    "cause", "cause_if_temporary", "reliability", "explanation"};

// Where a row stands, for error messages.
struct Place {
  std::string_view file;
  int line;
};

std::optional<Cause> cause_or_none(std::string_view id, const Place& place) {
  if (id.empty()) return std::nullopt;
  return read_cause(id, place.file, place.line);
}

ReplyKind read_kind(std::string_view word, const Place& place) {
  const auto kind = parse_id<ReplyKind>(word);
  if (!kind) fail_at(place.file, place.line, fmt::format("no such kind of reply: \"{}\"", word));
  return *kind;
}

int read_number(std::string_view text, const Place& place) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    fail_at(place.file, place.line, fmt::format("\"{}\", expected a number", text));
  }
  return value;
}

// "X.1.1", "5.1.1" or "4.7.500-699" -> the entry's numbers.
void read_status(std::string_view text, const Place& place, StatusCodeEntry& entry) {
  const std::size_t dash = text.find('-');
  std::string digits(text.substr(0, dash));
  const bool any_class = digits.starts_with("X.");
  if (any_class) digits.front() = '5';
  const auto status = parse_enhanced_status(digits);
  if (!status)
    fail_at(place.file, place.line, fmt::format("no enhanced status code: \"{}\"", text));
  entry.status_class = any_class ? 0 : status->status_class;
  entry.subject = status->subject;
  entry.detail = status->detail;
  entry.last_detail =
      dash == std::string_view::npos ? entry.detail : read_number(text.substr(dash + 1), place);
  if (entry.last_detail < entry.detail || entry.last_detail > 999) {
    fail_at(place.file, place.line, fmt::format("\"{}\" is no range", text));
  }
}

}  // namespace

Reliability read_reliability(std::string_view word, std::string_view file, int line) {
  const auto reliability = parse_id<Reliability>(word);
  if (!reliability) {
    fail_at(file, line,
            fmt::format("reliability \"{}\", expected reliable, mostly or overloaded", word));
  }
  return *reliability;
}

std::string StatusCodeEntry::code() const {
  const std::string first = fmt::format(
      "{}.{}.{}", status_class == 0 ? "X" : std::to_string(status_class), subject, detail);
  return last_detail > detail ? fmt::format("{}-{}", first, last_detail) : first;
}

std::optional<Cause> StatusCodeEntry::cause_for_class(int klass) const {
  return klass == 4 && cause_if_temporary ? cause_if_temporary : cause;
}

void CodeTables::load_reply_codes(std::string_view file, std::string_view tsv) {
  for (const TableRow& row : parse_table(file, tsv, kReplyColumns)) {
    const Place place{file, row.line};
    ReplyCodeEntry entry;
    entry.code = read_number(row.cells[0], place);
    entry.kind = read_kind(row.cells[1], place);
    entry.meaning = row.cells[2];
    entry.standard = row.cells[3];
    entry.cause = cause_or_none(row.cells[4], place);
    entry.reliability = read_reliability(row.cells[5], file, row.line);
    entry.explanation = row.cells[6];
    if (!reply_codes_.emplace(entry.code, entry).second) {
      fail_at(file, row.line, fmt::format("reply code {} stands twice", entry.code));
    }
  }
}

void CodeTables::load_status_codes(std::string_view file, std::string_view tsv) {
  for (const TableRow& row : parse_table(file, tsv, kStatusColumns)) {
    const Place place{file, row.line};
    StatusCodeEntry entry;
    read_status(row.cells[0], place, entry);
    entry.provider = row.cells[1];
    entry.meaning = row.cells[2];
    entry.standard = row.cells[3];
    entry.cause = cause_or_none(row.cells[4], place);
    entry.cause_if_temporary = cause_or_none(row.cells[5], place);
    entry.reliability = read_reliability(row.cells[6], file, row.line);
    entry.explanation = row.cells[7];
    for (int detail = entry.detail; detail <= entry.last_detail; ++detail) {
      by_detail_.emplace(std::pair(entry.subject, detail), status_codes_.size());
    }
    status_codes_.push_back(std::move(entry));
  }
}

const ReplyCodeEntry* CodeTables::reply_code(int code) const {
  const auto found = reply_codes_.find(code);
  return found == reply_codes_.end() ? nullptr : &found->second;
}

std::vector<const StatusCodeEntry*> CodeTables::all_meanings(const EnhancedStatus& status) const {
  std::vector<const StatusCodeEntry*> rows;
  const auto [first, last] = by_detail_.equal_range({status.subject, status.detail});
  for (auto it = first; it != last; ++it) {
    const StatusCodeEntry& entry = status_codes_[it->second];
    if (entry.status_class == 0 || entry.status_class == status.status_class) {
      rows.push_back(&entry);
    }
  }
  return rows;
}

std::vector<const StatusCodeEntry*> CodeTables::status_code(const EnhancedStatus& status,
                                                            std::string_view provider) const {
  std::vector<const StatusCodeEntry*> rows = all_meanings(status);
  std::erase_if(rows, [&](const StatusCodeEntry* row) {
    return !row->provider.empty() && row->provider != provider;
  });
  const auto is_range = [](const StatusCodeEntry* row) { return row->last_detail > row->detail; };
  const bool has_own_row = std::any_of(rows.begin(), rows.end(), [&](const auto* row) {
    return !row->provider.empty() && !is_range(row);
  });
  if (has_own_row) std::erase_if(rows, is_range);
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    const auto rank = [](const StatusCodeEntry* row) {
      return std::pair(row->provider.empty(), row->status_class == 0);
    };
    return rank(a) < rank(b);
  });
  return rows;
}

std::optional<EnhancedStatus> CodeTables::undotted(int code) {
  // The codes that servers really send so (Courier, chkuser, Exchange, OpenSMTPD): none of them is
  // assigned by RFC 5321 or its extensions with a meaning that a delivery report could hold.
  constexpr std::array<int, 22> kLostTheirDots = {422, 424, 431, 432, 441, 442, 446, 447,
                                                  449, 465, 471, 510, 511, 512, 513, 517,
                                                  522, 523, 531, 541, 546, 571};
  if (std::find(kLostTheirDots.begin(), kLostTheirDots.end(), code) == kLostTheirDots.end()) {
    return std::nullopt;
  }
  return EnhancedStatus{code / 100, code / 10 % 10, code % 10};
}

}  // namespace plainbounce

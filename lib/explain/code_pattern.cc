#include "lib/explain/code_pattern.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxRelated = 12;

bool is_wildcard(std::string_view part) { return part == "x" || part == "X" || part == "*"; }

// A number of up to three digits, and nothing else.
std::optional<int> read_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || text.size() > 3 || !is_digit(text.front())) return std::nullopt;
  return value;
}

std::vector<std::string_view> split_at_dots(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    parts.push_back(text.substr(0, dot));
    text.remove_prefix(dot + 1);
  }
  parts.push_back(text);
  return parts;
}

template <typename Row>
bool contains(const std::vector<const Row*>& rows, const Row& row) {
  return std::find(rows.begin(), rows.end(), &row) != rows.end();
}

// The causes that a row speaks for with some weight.
template <typename Row>
void add_causes(const std::vector<const Row*>& rows, std::set<Cause>& causes) {
  for (const Row* const row : rows) {
    if (row->cause && row->reliability != Reliability::kOverloaded) causes.insert(*row->cause);
  }
}

template <typename Row>
bool names_one_of(const Row& row, const std::set<Cause>& causes) {
  return row.cause && row.reliability != Reliability::kOverloaded && causes.count(*row.cause) != 0;
}

std::vector<std::string_view> split_digits(std::string_view text) {
  std::vector<std::string_view> digits;
  for (std::size_t i = 0; i < text.size(); ++i) digits.push_back(text.substr(i, 1));
  return digits;
}

// "15-20" -> "15", and the end "20"; empty: it is no range.
std::string_view take_range_end(std::string_view& part) {
  const std::size_t dash = std::min(part.find('-'), part.size());
  const std::string_view end = part.substr(std::min(dash + 1, part.size()));
  part = part.substr(0, dash);
  return end;
}

}  // namespace

std::optional<CodePattern> CodePattern::parse(std::string_view text) {
  CodePattern pattern;
  std::vector<std::string_view> parts = split_at_dots(text);
  if (parts.size() > 3) return std::nullopt;
  pattern.of_status_codes_ = parts.size() > 1 || text.size() == 1;
  if (parts.size() == 1) {
    if (text.size() != 1 && text.size() != 3) return std::nullopt;
    pattern.of_reply_codes_ = true;
    parts = split_digits(text);
  }
  const std::string_view last_detail =
      parts.size() == 3 && pattern.of_status_codes_ ? take_range_end(parts[2]) : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_wildcard(parts[i])) continue;
    pattern.parts_[i] = read_number(parts[i]);
    if (!pattern.parts_[i]) return std::nullopt;
  }
  return pattern.has_a_class() && pattern.set_range_end(last_detail) ? std::optional(pattern)
                                                                     : std::nullopt;
}

bool CodePattern::has_a_class() const {
  // Mailing services have reply codes of their own beyond 599.
  const int leading = parts_[0].value_or(of_reply_codes_ ? 0 : 1);
  return leading >= 1 && leading <= (of_reply_codes_ ? 9 : 5);
}

bool CodePattern::set_range_end(std::string_view text) {
  last_detail_ = parts_[2].value_or(0);
  if (text.empty()) return true;
  const auto end = read_number(text);
  if (!end || !parts_[2] || *end < *parts_[2]) return false;
  last_detail_ = *end;
  return true;
}

bool CodePattern::is_exact() const {
  return parts_[1] && parts_[2] && (parts_[0] || of_status_codes_);
}

bool CodePattern::fits(const ReplyCodeEntry& row) const {
  const std::array<int, 3> digits = {row.code / 100, row.code / 10 % 10, row.code % 10};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (parts_[i] && *parts_[i] != digits[i]) return false;
  }
  return true;
}

bool CodePattern::fits(const StatusCodeEntry& row) const {
  const int klass = parts_[0].value_or(0);
  if (klass == 1 || klass == 3) return false;  // RFC 3463 has no such class
  if (klass != 0 && row.status_class != 0 && row.status_class != klass) return false;
  if (parts_[1] && *parts_[1] != row.subject) return false;
  return !parts_[2] || (*parts_[2] <= row.last_detail && last_detail_ >= row.detail);
}

CodeRows CodePattern::find_group(const CodeTables& tables) const {
  CodeRows rows;
  if (of_reply_codes_) {
    for (const auto& [code, row] : tables.reply_codes()) {
      if (fits(row)) rows.replies.push_back(&row);
    }
  }
  if (of_status_codes_) {
    for (const StatusCodeEntry& row : tables.status_codes()) {
      if (fits(row)) rows.statuses.push_back(&row);
    }
  }
  return rows;
}

CodeRows CodePattern::find(const CodeTables& tables) const {
  CodeRows rows = find_group(tables);
  if (!is_exact() || !parts_[0]) return rows;
  const int digits = *parts_[0] * 100 + *parts_[1] * 10 + *parts_[2];
  if (of_reply_codes_) {
    if (const auto status = CodeTables::undotted(digits)) {
      rows.statuses = tables.all_meanings(*status);
    }
  } else if (rows.statuses.empty() && *parts_[1] < 10 && *parts_[2] < 10) {
    if (const ReplyCodeEntry* const row = tables.reply_code(digits)) rows.replies.push_back(row);
  }
  return rows;
}

CodeRows all_rows(const CodeTables& tables) {
  CodeRows rows;
  for (const auto& [code, row] : tables.reply_codes()) rows.replies.push_back(&row);
  for (const StatusCodeEntry& row : tables.status_codes()) rows.statuses.push_back(&row);
  return rows;
}

std::vector<std::string> related_codes(const CodeRows& rows, const CodeTables& tables) {
  std::set<Cause> causes;
  add_causes(rows.replies, causes);
  add_causes(rows.statuses, causes);
  std::vector<std::string> codes;
  const auto add = [&codes](const std::string& code) {
    const bool known = std::find(codes.begin(), codes.end(), code) != codes.end();
    if (!known && codes.size() < kMaxRelated) codes.push_back(code);
  };
  for (const auto& [code, row] : tables.reply_codes()) {
    if (names_one_of(row, causes) && !contains(rows.replies, row)) add(std::to_string(code));
  }
  std::set<std::string> own;
  for (const StatusCodeEntry* const row : rows.statuses) own.insert(row->code());
  for (const StatusCodeEntry& row : tables.status_codes()) {
    if (names_one_of(row, causes) && own.count(row.code()) == 0) add(row.code());
  }
  return codes;
}

}  // namespace plainbounce

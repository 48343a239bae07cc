#include "lib/base/written_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxDigits = 18;

// A separator by the character that stands for it: both apostrophes are '.
struct Separator {
  std::string_view text;
  char kind;
};
constexpr std::array<Separator, 5> kSeparators = {
    {{".", '.'}, {",", ','}, {"'", '\''}, {"\xE2\x80\x99", '\''}, {" ", ' '}}};

// Digits, with the separator in front of them; 0: none, in front of the first.
struct Group {
  char separator = 0;
  std::string_view digits;
};

std::string_view digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return text.substr(at, end - at);
}

// The next group, if digits follow a separator at `at`. A blank stands between thousands, or what
// follows is another number: "10485760 552".
Group group_at(std::string_view text, std::size_t& at, bool may_be_thousands) {
  for (const Separator& separator : kSeparators) {
    if (!text.substr(at).starts_with(separator.text)) continue;
    const std::string_view digits = digits_at(text, at + separator.text.size());
    if (digits.empty() || (separator.kind == ' ' && !(may_be_thousands && digits.size() == 3))) {
      return {};
    }
    at += separator.text.size() + digits.size();
    return {separator.kind, digits};
  }
  return {};
}

std::vector<Group> groups_of(std::string_view text, std::size_t& length) {
  std::vector<Group> groups = {{0, digits_at(text, 0)}};
  length = groups.front().digits.size();
  const bool may_be_thousands = length <= 3 && !text.starts_with('0');
  while (length > 0) {
    const Group group = group_at(text, length, may_be_thousands);
    if (group.digits.empty()) break;
    groups.push_back(group);
  }
  return groups;
}

// Do the groups from the second one up to `end` part thousands, all in the same manner?
bool are_thousands(const std::vector<Group>& groups, std::size_t end) {
  if (groups.front().digits.size() > 3 || groups.front().digits.starts_with('0')) return end <= 1;
  return std::all_of(groups.begin() + 1, groups.begin() + static_cast<std::ptrdiff_t>(end),
                     [&](const Group& group) {
                       return group.digits.size() == 3 && group.separator == groups[1].separator;
                     });
}

// The digits of the groups up to `end` one behind the other, and the rest as decimals.
double value_of(const std::vector<Group>& groups, std::size_t end) {
  std::string number;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == end) number += '.';
    number += groups[i].digits;
  }
  double value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  return value;
}

}  // namespace

std::optional<WrittenNumber> read_written_number(std::string_view text) {
  WrittenNumber number;
  const std::vector<Group> groups = groups_of(text, number.length);
  std::size_t digits = 0;
  for (const Group& group : groups) digits += group.digits.size();
  if (digits == 0 || digits > kMaxDigits) return std::nullopt;
  const std::size_t count = groups.size();
  const char last = groups.back().separator;
  const bool has_point = last == '.' || last == ',';
  const bool is_last_alone = count == 2 || (count > 2 && groups[count - 2].separator != last);
  if (has_point && is_last_alone) {
    if (!are_thousands(groups, count - 1)) return std::nullopt;
    number.value = value_of(groups, count - 1);
    if (count == 2 && are_thousands(groups, count)) {
      number.doubtful = last;
      number.grouped = value_of(groups, count);
    }
    return number;
  }
  if (!are_thousands(groups, count)) return std::nullopt;
  number.value = value_of(groups, count);
  return number;
}

}  // namespace plainbounce

#include "lib/explain/nearest_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxLength = 20;
constexpr std::size_t kDigits = 3;  // of a reply code, and of each number at the most

bool is_wildcard(char c) { return c == 'x' || c == 'X' || c == '*'; }

bool is_mark(char c) { return std::string_view(" .,:;-/#").find(c) != std::string_view::npos; }

// The numbers in the text, as digits without leading zeros; "x": any.
std::vector<std::string> read_numbers(std::string_view text) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < text.size();) {
    if (is_mark(text[i])) {
      ++i;
      continue;
    }
    const auto end =
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), is_mark);
    const auto length = static_cast<std::size_t>(end - text.begin()) - i;
    const std::string_view word = text.substr(i, length);
    std::string number(is_wildcard(word.front()) ? std::string_view("x") : word);
    number.erase(0, std::min(number.find_first_not_of('0'), number.size() - 1));
    numbers.push_back(std::move(number));
    i += length;
  }
  return numbers;
}

// Nothing: too large for a code.
std::optional<int> value_of(const std::string& number, int of_wildcard) {
  if (number == "x") return of_wildcard;
  if (number.size() > kDigits || !std::all_of(number.begin(), number.end(), is_digit)) {
    return std::nullopt;
  }
  return std::stoi(number);
}

class NearestCodeSearch {
 public:
  NearestCodeSearch(std::string_view text, const CodeTables& tables)
      : tables_(tables), numbers_(read_numbers(text)) {
    for (const std::string& number : numbers_) digits_ += number;
  }

  std::optional<NearestCode> find() const {
    if (numbers_.empty()) return std::nullopt;
    if (numbers_.size() == 1) return of_digits();
    if (auto code = of_numbers(3)) return code;
    // "5.50" is rather 550 than 5.0.0.
    if (digits_.size() == kDigits) {
      if (auto code = of_digits()) return code;
    }
    if (auto code = of_numbers(2)) return code;
    return of_numbers(1);
  }

 private:
  // An enhanced code of the first `used` numbers, and zeros.
  std::optional<NearestCode> of_numbers(std::size_t used) const {
    int parts[3] = {0, 0, 0};
    for (std::size_t i = 0; i < std::min(used, numbers_.size()) && i < 3; ++i) {
      const auto value = value_of(numbers_[i], i == 0 ? 5 : 0);
      if (!value) return std::nullopt;
      parts[i] = *value;
    }
    if (parts[0] < 1 || parts[0] > 9) return std::nullopt;
    const bool is_class = parts[0] == 2 || parts[0] == 4;
    return status({is_class ? parts[0] : 5, parts[1], parts[2]});
  }

  // A reply code, or an enhanced one without its dots, of one number.
  std::optional<NearestCode> of_digits() const {
    if (digits_ == "x" || digits_.size() == 1) return of_numbers(1);
    const auto code = value_of((digits_ + "0").substr(0, kDigits), 0);
    if (!code) return std::nullopt;
    if (const ReplyCodeEntry* const row = tables_.reply_code(*code)) {
      return NearestCode{fmt::format("{:03}", *code), {{row}, {}}};
    }
    const auto undotted = CodeTables::undotted(*code);
    return undotted ? status(*undotted) : std::nullopt;
  }

  std::optional<NearestCode> status(const EnhancedStatus& status) const {
    NearestCode code{to_string(status), {}};
    code.rows.statuses = tables_.status_code(status, "");
    if (code.rows.statuses.empty()) code.rows.statuses = tables_.all_meanings(status);
    return code.rows.empty() ? std::nullopt : std::optional(code);
  }

  const CodeTables& tables_;
  std::vector<std::string> numbers_;
  std::string digits_;  // of all numbers
};

}  // namespace

bool resembles_code(std::string_view text) {
  return text.size() <= kMaxLength && std::any_of(text.begin(), text.end(), is_digit) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_digit(c) || is_wildcard(c) || is_mark(c); });
}

std::optional<NearestCode> nearest_code(std::string_view text, const CodeTables& tables) {
  if (!resembles_code(text)) return std::nullopt;
  return NearestCodeSearch(text, tables).find();
}

}  // namespace plainbounce

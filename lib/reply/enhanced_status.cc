#include "lib/reply/enhanced_status.h"

#include <charconv>

namespace plainbounce {
namespace {

// Takes a number of at most three digits, without a leading zero, off the front of `text`.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, value);
  const auto digits = static_cast<std::size_t>(next - text.data());
  if (error != std::errc() || value < 0 || digits > 3) return std::nullopt;
  if (digits > 1 && text.front() == '0') return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool take_dot(std::string_view& text) {
  if (text.empty() || text.front() != '.') return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::string to_string(const EnhancedStatus& status) {
  return std::to_string(status.status_class) + '.' + std::to_string(status.subject) + '.' +
         std::to_string(status.detail);
}

std::optional<EnhancedStatus> parse_enhanced_status(std::string_view text) {
  EnhancedStatus status;
  const auto status_class = take_number(text);
  if (!status_class || (*status_class != 2 && *status_class != 4 && *status_class != 5)) {
    return std::nullopt;
  }
  status.status_class = *status_class;
  for (int* const part : {&status.subject, &status.detail}) {
    if (!take_dot(text)) return std::nullopt;
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    *part = *number;
  }
  if (!text.empty()) return std::nullopt;
  return status;
}

}  // namespace plainbounce

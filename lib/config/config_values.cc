#include "lib/config/config_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/ip_network.h"
#include "lib/base/text.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxLine = 200;

// Labels of letters, digits and hyphens; the last isn't a number, which would be an IP address.
bool is_host_name(std::string_view text) {
  constexpr std::size_t kMaxName = 253;  // RFC 1035 section 2.3.4, without the lengths
  std::size_t length = 0;                // of the label so far
  bool is_number = true;                 // likewise
  for (const char c : text) {
    if (c == '.') {
      if (length == 0) return false;
      length = 0;
      is_number = true;
    } else if (!(is_alphanumeric(c) || c == '-') || ++length > 63) {
      return false;
    }
    is_number = is_number && (c == '.' || is_digit(c));
  }
  return length > 0 && !is_number && text.size() <= kMaxName;
}

}  // namespace

std::optional<std::size_t> parse_byte_size(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, int>, 5> kUnits{
      {{"", 0}, {"B", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}}};
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
  const auto* const found = std::find_if(kUnits.begin(), kUnits.end(),
                                         [unit](const auto& known) { return known.first == unit; });
  if (found == kUnits.end()) return std::nullopt;
  if (number > (std::numeric_limits<std::size_t>::max() >> found->second)) return std::nullopt;
  return number << found->second;
}

std::optional<mode_t> parse_socket_mode(std::string_view text) {
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() < 3 || text.size() > 4 || (mode & ~0666U) != 0) return std::nullopt;
  return static_cast<mode_t>(mode);
}

bool is_language_tag(std::string_view text) {
  std::size_t length = 0;  // of the subtag so far
  bool first = true;
  for (const char c : text) {
    if (c == '-') {
      if (length == 0 || (first && length < 2)) return false;
      first = false;
      length = 0;
    } else if (!is_alphanumeric(c) || (first && c <= '9') || ++length > 8) {
      return false;
    }
  }
  return length >= (first ? 2U : 1U);
}

bool is_reader(std::string_view text) {
  const std::size_t at = text.rfind('@');
  const std::string_view domain = at == std::string_view::npos ? text : text.substr(at + 1);
  const bool has_blank = std::any_of(text.begin(), text.end(),
                                     [](char c) { return is_control(c) || c == ' ' || c == '*'; });
  return !has_blank && at != 0 && !domain.empty() && domain.front() != '.' &&
         domain.find("..") == std::string_view::npos;
}

bool is_plain_line(std::string_view text) { return text.size() <= kMaxLine && !has_control(text); }

bool is_domain_name(std::string_view text) {
  return is_host_name(text) && text.find('.') != std::string_view::npos;
}

bool is_host_pattern(std::string_view text) {
  constexpr std::string_view kBelow = "*.";
  return is_network(text) ||
         is_host_name(text.starts_with(kBelow) ? text.substr(kBelow.size()) : text);
}

}  // namespace plainbounce

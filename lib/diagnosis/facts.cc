#include "lib/diagnosis/facts.h"

#include <array>
#include <charconv>
#include <utility>

#include "lib/report/text.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxFactText = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A number with optional thousands separators and decimals off the front: "10,240,000", "1.5",
// "35".
std::optional<double> take_number(std::string_view& text) {
  text = trim(text);
  std::string digits;
  std::size_t used = 0;
  for (; used < text.size(); ++used) {
    const char c = text[used];
    const bool grouped = c == ',' && used + 3 < text.size() && is_digit(text[used + 1]) &&
                         is_digit(text[used + 2]) && is_digit(text[used + 3]);
    if (is_digit(c) || c == '.') {
      digits.push_back(c);
    } else if (!grouped || digits.empty()) {
      break;
    }
  }
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  text.remove_prefix(used);
  return value;
}

struct Unit {
  std::string_view prefix;  // of the unit's name, lower case
  double factor;
};

// Longer prefixes stand before shorter ones.
constexpr std::array<Unit, 8> kSizeUnits = {{
    {"kilob", 0x1p10},
    {"megab", 0x1p20},
    {"gigab", 0x1p30},
    {"k", 0x1p10},
    {"m", 0x1p20},
    {"g", 0x1p30},
    {"b", 1},
    {"o", 1},  // octets
}};

constexpr std::array<Unit, 5> kTimeUnits = {{
    {"mi", 60},
    {"s", 1},
    {"m", 60},
    {"h", 3600},
    {"d", 86400},
}};

template <std::size_t kCount>
std::optional<double> factor_of(std::string_view unit, const std::array<Unit, kCount>& units) {
  const std::string name = ascii_lower(trim(unit));
  if (name.empty()) return 1;
  for (const Unit& candidate : units) {
    if (name.starts_with(candidate.prefix)) return candidate.factor;
  }
  return std::nullopt;
}

template <std::size_t kCount>
std::optional<double> parse_quantity(std::string_view text, const std::array<Unit, kCount>& units) {
  const auto number = take_number(text);
  const auto factor = factor_of(text, units);
  if (!number || !factor) return std::nullopt;
  const double value = *number * *factor;
  return value < 0x1p60 ? std::optional(value) : std::nullopt;
}

// "00:05:00" or "05:00" -> seconds.
std::optional<std::int64_t> parse_clock(std::string_view text) {
  std::int64_t seconds = 0;
  for (int parts = 0; parts < 3; ++parts) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0 || value > 9999) return std::nullopt;
    seconds = seconds * 60 + value;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return seconds;
    if (text.front() != ':') return std::nullopt;
    text.remove_prefix(1);
  }
  return std::nullopt;
}

template <typename T>
void set_if_known(std::optional<T>& fact, const std::optional<T>& value) {
  if (value) fact = value;
}

// A sentence's end is no part of a name: "blocked using Spamhaus."
std::string cut(std::string_view text) {
  while (!text.empty() && std::string_view(".,;: ").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return valid_utf8(text.substr(0, kMaxFactText));
}

std::optional<std::int64_t> parse_count(std::string_view text) {
  const auto number = take_number(text);
  if (!number || *number < 1 || *number > 1e9) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto bytes = parse_quantity(text, kSizeUnits);
  if (!bytes || *bytes < 1) return std::nullopt;
  return static_cast<std::uint64_t>(*bytes);
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  text = trim(text);
  if (text.find(':') != std::string_view::npos) return parse_clock(text);
  const auto seconds = parse_quantity(text, kTimeUnits);
  if (!seconds) return std::nullopt;
  return static_cast<std::int64_t>(*seconds);
}

void take_captures(const Captures& captures, Facts& facts) {
  const std::array<std::pair<std::string_view, std::string*>, 7> texts = {{
      {"block_list", &facts.block_list},
      {"lookup", &facts.lookup},
      {"refused_address", &facts.refused_address},
      {"refused_sender", &facts.refused_sender},
      {"new_address", &facts.new_address},
      {"mechanism", &facts.mechanism},
      {"limit", &facts.limit},
  }};
  for (const auto& [name, value] : captures) {
    if (name == "message_size") set_if_known(facts.message_size, parse_size(value));
    if (name == "size_limit") set_if_known(facts.size_limit, parse_size(value));
    if (name == "recipient_limit") set_if_known(facts.recipient_limit, parse_count(value));
    if (name == "retry_after") set_if_known(facts.retry_after, parse_duration(value));
    for (const auto& [text_name, text] : texts) {
      if (name == text_name) *text = cut(value);
    }
  }
}

}  // namespace plainbounce

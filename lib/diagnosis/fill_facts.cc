#include "lib/diagnosis/fill_facts.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/text.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxFactText = 256;

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = std::min(at, text.size());
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - std::min(at, text.size());
}

// How many groups of three digits follow, each behind `separator`: 2 for "10.485.760" at 2.
int count_groups(std::string_view text, std::size_t at, char separator) {
  int groups = 0;
  for (; at < text.size() && text[at] == separator && digits_at(text, at + 1) == 3; at += 4) {
    ++groups;
  }
  return groups;
}

// A number with optional thousands separators and decimals off the front: "10,240,000", "1.5",
// "10 485 760", "1,5", "35". One full stop is always a decimal point.
std::optional<double> take_number(std::string_view& text) {
  text = trim(text);
  std::size_t used = digits_at(text, 0);
  std::string digits(text.substr(0, used));
  if (used > 0 && used < text.size()) {
    const char separator = text[used];
    const int groups = std::string_view(",.' ").find(separator) == std::string_view::npos
                           ? 0
                           : count_groups(text, used, separator);
    for (int i = separator == '.' && groups < 2 ? groups : 0; i < groups; ++i) {
      digits += text.substr(used + 1, 3);
      used += 4;
    }
  }
  const std::size_t decimals = digits_at(text, used + 1);
  const bool has_point = used < text.size() && (text[used] == '.' || text[used] == ',');
  if (has_point && decimals > 0) {
    digits.append(".").append(text.substr(used + 1, decimals));
    used += decimals + 1;
    if (used < text.size() && text[used] == '.') return std::nullopt;  // "1.2.3"
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

constexpr std::array<Unit, 10> kTimeUnits = {{
    {"mi", 60},
    {"mo", 30 * 86400},
    {"ms", 0.001},
    {"st", 3600},  // Stunden
    {"t", 86400},  // Tage
    {"s", 1},
    {"m", 60},
    {"h", 3600},
    {"d", 86400},
    {"w", 7 * 86400},
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

// Puts what a text says into the field; false: it says nothing.
bool take(std::string_view text, const FactEntry& /*fact*/, std::optional<std::uint64_t>& value) {
  const auto bytes = parse_size(text);
  if (bytes) value = bytes;
  return bytes.has_value();
}
bool take(std::string_view text, const FactEntry& fact, std::optional<std::int64_t>& value) {
  const auto number = fact.kind == FactKind::kSeconds ? parse_duration(text) : parse_count(text);
  if (number) value = number;
  return number.has_value();
}
bool take(std::string_view text, const FactEntry& /*fact*/, std::string& value) {
  value = cut(text);
  return !value.empty();
}
// No words tell a moment or a flag.
template <typename T>
bool take(std::string_view /*text*/, const FactEntry& /*fact*/, T& /*value*/) {
  return false;
}

bool take_fact(std::string_view text, const FactEntry& fact, Facts& facts) {
  return std::visit([&](auto member) { return take(text, fact, facts.*member); }, fact.member);
}

// Is it an address that a server can have been refused for? A block list's answer (127.0.0.4) and
// the server's own address aren't.
bool may_be_refused(std::string_view text, const Facts& facts) {
  const std::string address(text);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) {
    return address != facts.remote_address && address != facts.remote_host;
  }
  return inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 && bytes[0] != 127 &&
         bytes[0] != 0 && address != facts.remote_address && address != facts.remote_host;
}

// Do these causes come from a block list when one is named?
bool may_be_listed(Cause cause) {
  return cause == Cause::kReputationBlocked || cause == Cause::kSpamSuspected ||
         cause == Cause::kPolicyRefused || cause == Cause::kSenderBlocked ||
         cause == Cause::kContentRefused || cause == Cause::kGreylisted ||
         cause == Cause::kRateLimited || cause == Cause::kSenderAddressRefused;
}

// Is `told` what a rule has caught of the list's name or of its words? "Exploits", "spamhaus". A
// zone is exact enough.
bool is_piece_of(std::string_view told, const BlockList& list) {
  if (told.find('.') != std::string_view::npos) return false;
  const std::string piece = ascii_lower(told);
  return ascii_lower(list.name).find(piece) != std::string::npos ||
         std::any_of(list.words.begin(), list.words.end(), [&](const std::string& word) {
           return word.find(piece) != std::string::npos;
         });
}

void fill_block_list(std::string_view text, Cause cause, const Knowledge& knowledge, Facts& facts) {
  const BlockLists& lists = knowledge.block_lists();
  if (facts.block_list.empty() && !may_be_listed(cause)) return;
  const BlockList* list = lists.find(text);
  const bool is_named = !facts.block_list.empty();
  if (is_named && (list == nullptr || !is_piece_of(facts.block_list, *list))) {
    list = lists.find(facts.block_list);
  } else if (list != nullptr) {
    facts.block_list = list->name;
  }
  if (list != nullptr && facts.lookup.empty()) facts.lookup = list->lookup;
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
  for (const auto& [name, text] : captures) {
    const FactEntry* const fact = find_fact(name);
    if (fact != nullptr && fact->captured) take_fact(text, *fact, facts);
  }
}

void fill_facts(std::string_view text, Cause cause, const Knowledge& knowledge, Facts& facts) {
  for (const FactRule& rule : knowledge.fact_rules()) {
    if (!rule.holds.test(static_cast<std::size_t>(cause)) || is_known(*rule.fact, facts)) continue;
    for (const std::string_view value : rule.values_in(text)) {
      const bool is_refused = rule.fact->member == FactMember(&Facts::refused_address);
      if (is_refused && !may_be_refused(value, facts)) continue;
      if (take_fact(value, *rule.fact, facts)) break;
    }
  }
  fill_block_list(text, cause, knowledge, facts);
}

}  // namespace plainbounce

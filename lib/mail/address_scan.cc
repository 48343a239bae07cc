#include "lib/mail/address_scan.h"

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

// Bytes beyond ASCII belong to internationalised addresses (RFC 6532).
bool is_local_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte != 127 &&
         std::string_view("()<>[]:;@\\,\"").find(c) == std::string_view::npos;
}

bool is_domain_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || byte >= 128;
}

std::string_view without_final_dots(std::string_view text) {
  while (!text.empty() && text.back() == '.') text.remove_suffix(1);
  return text;
}

// What stands between angle brackets at the start; empty: nothing does.
std::string_view bracketed(std::string_view line) {
  if (!line.starts_with('<')) return {};
  const std::size_t close = line.find('>');
  return close == std::string_view::npos ? std::string_view() : line.substr(1, close - 1);
}

// Passes over "(expanded from <grp@example.com>)" and the like.
std::string_view skip_parenthesis(std::string_view text) {
  if (!text.starts_with('(')) return text;
  const std::size_t close = text.find(')');
  if (close == std::string_view::npos) return text;
  const std::string_view after = trim(text.substr(close + 1));
  return after.starts_with(':') ? after : text;
}

}  // namespace

std::vector<std::string_view> find_addresses(std::string_view line) {
  std::vector<std::string_view> addresses;
  std::size_t unused = 0;  // where the text that no address has taken begins
  for (std::size_t at = line.find('@'); at != std::string_view::npos; at = line.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > unused && is_local_char(line[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < line.size() && is_domain_char(line[end])) ++end;
    unused = end;
    const std::string_view domain = without_final_dots(line.substr(at + 1, end - at - 1));
    if (begin == at || domain.empty()) continue;
    addresses.push_back(line.substr(begin, at + 1 + domain.size() - begin));
  }
  return addresses;
}

std::optional<LeadingAddress> find_leading_address(std::string_view line) {
  line = trim(line);
  LeadingAddress leading;
  leading.address = bracketed(line);
  if (!leading.address.empty()) {
    leading.rest = line.substr(leading.address.size() + 2);
  } else {
    std::size_t end = 0;
    while (end < line.size() && (is_local_char(line[end]) || line[end] == '@')) ++end;
    leading.address = line.substr(0, end);
    leading.rest = line.substr(end);
    const std::size_t dots = leading.address.find("...");
    if (dots != std::string_view::npos) {
      leading.rest = line.substr(dots);
      leading.address = line.substr(0, dots);
    }
  }
  if (leading.address.empty() || leading.address.find_first_of(" \t") != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = skip_parenthesis(trim(leading.rest));
  if (rest.starts_with("...")) {
    leading.rest = trim(rest.substr(3));
    leading.dots = true;
  } else if (rest.starts_with(':')) {
    leading.rest = trim(rest.substr(1));
  } else if (rest.empty() || rest.starts_with('(')) {
    leading.rest = rest;
  } else {
    return std::nullopt;
  }
  return leading;
}

}  // namespace plainbounce

#include "lib/mail/address_scan.h"

#include <algorithm>

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

// Bytes of the letter of East Asia or the punctuation at that place, which no address has beside
// ASCII letters, and no blank parts from an address there: "：", "，", "宛", "へ". 0: none.
std::size_t length_of_east_asian(std::string_view text) {
  const auto first = text.empty() ? 0 : static_cast<unsigned char>(text.front());
  return text.size() >= 3 && first >= 0xE2 && first <= 0xEF ? 3 : 0;
}

// Where the address that ends in `local` begins: behind what stands there in another script.
std::size_t begin_of_ascii(std::string_view local) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < local.size(); ++i) {
    if (const std::size_t length = length_of_east_asian(local.substr(i))) {
      begin = i + length;
      i += length - 1;
    }
  }
  const std::string_view rest = local.substr(begin);
  return std::any_of(rest.begin(), rest.end(), is_alphanumeric) ? begin : 0;
}

// The domain without what follows it in another script: "example.jpへ".
std::string_view ascii_beginning(std::string_view domain) {
  for (std::size_t i = 0; i < domain.size(); ++i) {
    if (length_of_east_asian(domain.substr(i)) == 0) continue;
    const std::string_view before = domain.substr(0, i);
    const bool whole = before.find('.') != std::string_view::npos &&
                       domain.find('.', i) == std::string_view::npos && before.back() != '.';
    return whole ? before : domain;
  }
  return domain;
}

std::string_view without_final_dots(std::string_view text) {
  while (!text.empty() && text.back() == '.') text.remove_suffix(1);
  return text;
}

// Where the quoted local part that ends before `at` begins, `"anna hansen"@example.com`; `at`: none
// does.
std::size_t begin_of_quoted(std::string_view line, std::size_t first, std::size_t at) {
  constexpr std::size_t kMaxQuoted = 100;  // bytes; RFC 5321 section 4.5.3.1.1 allows 64
  if (at < first + 3 || line[at - 1] != '"') return at;
  const std::size_t open = line.rfind('"', at - 2);
  return open == std::string_view::npos || open < first || at - open > kMaxQuoted ? at : open;
}

// The quoted local part and the domain that a line begins with; empty: it begins otherwise.
std::string_view quoted_address(std::string_view line) {
  const std::size_t at = line.find("\"@");
  if (!line.starts_with('"') || at == std::string_view::npos ||
      begin_of_quoted(line, 0, at + 1) != 0) {
    return {};
  }
  std::size_t end = at + 2;
  while (end < line.size() && is_domain_char(line[end])) ++end;
  return line.substr(0, end);
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
    begin += begin_of_ascii(line.substr(begin, at - begin));
    if (begin == at) begin = begin_of_quoted(line, unused, at);
    std::size_t end = at + 1;
    while (end < line.size() && is_domain_char(line[end])) ++end;
    unused = end;
    const std::string_view domain =
        ascii_beginning(without_final_dots(line.substr(at + 1, end - at - 1)));
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
  } else if (leading.address = quoted_address(line); !leading.address.empty()) {
    leading.rest = line.substr(leading.address.size());
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
  const bool quoted = leading.address.starts_with('"') &&
                      quoted_address(leading.address).size() == leading.address.size();
  if (leading.address.empty() ||
      (!quoted && leading.address.find_first_of(" \t") != std::string_view::npos)) {
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

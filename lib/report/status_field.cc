#include "lib/report/status_field.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "lib/base/ascii.h"
#include "lib/base/charset.h"
#include "lib/base/text.h"
#include "lib/mail/field_value.h"

namespace plainbounce {
namespace {

bool is_type(std::string_view text) {
  return !text.empty() && text.size() <= 40 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '/';
         });
}

// Looks like an IPv4 or IPv6 address; says nothing about whether it is one.
bool is_address_like(std::string_view text) {
  const auto separators =
      std::count_if(text.begin(), text.end(), [](char c) { return c == '.' || c == ':'; });
  return separators >= 2 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_hex_digit(c) || c == '.' || c == ':';
         });
}

std::optional<unsigned> parse_hex(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// RFC 6533 section 3: "\x{5C}" stands for a character.
std::string decode_utf8_address(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t close = text.starts_with("\\x{") ? text.substr(0, 10).find('}') : 0;
    const auto c = close > 3 && close != std::string_view::npos
                       ? parse_hex(text.substr(3, close - 3))
                       : std::nullopt;
    if (c && *c <= 0x10FFFF) {
      append_utf8(out, *c);
      text.remove_prefix(close + 1);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return valid_utf8(out);
}

// RFC 3461 section 4: "+2B" stands for "+". Only if every plus sign begins a code, and one for a
// character that has to be encoded: otherwise it is the plus sign of "anna+news@example.com".
std::string decode_xtext(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '+') {
      out += text[i];
      continue;
    }
    const auto c = i + 2 < text.size() ? parse_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (!c || (*c != '+' && *c != '=' && *c > ' ' && *c < 0x7F)) return std::string(text);
    out += static_cast<char>(*c);
    i += 2;
  }
  return collapse_space(utf8_or_latin1(out));
}

std::string_view without_brackets(std::string_view text) {
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

// Where a comment begins: a parenthesis after white space, so that "a(b)@example.com" stays.
std::string_view before_comment(std::string_view text) {
  return trim(text.substr(0, text.find(" (")));
}

}  // namespace

TypedValue split_type(std::string_view field) {
  TypedValue typed;
  const std::string text = unfold(field);
  const std::size_t semicolon = text.find(';');
  const std::string_view prefix = semicolon == std::string::npos
                                      ? std::string_view()
                                      : trim(std::string_view(text).substr(0, semicolon));
  if (!is_type(prefix)) {
    typed.value = text;
    return typed;
  }
  typed.type = ascii_lower(prefix);
  typed.value = trim(std::string_view(text).substr(semicolon + 1));
  return typed;
}

std::string decode_recipient(std::string_view field) {
  // Postfix quotes each byte that isn't ASCII, so that they make no character before they are free.
  const bool is_raw =
      std::any_of(field.begin(), field.end(), [](char c) { return (c & 0x80) != 0; });
  const TypedValue typed = split_type(is_raw ? unquote_local_part(field) : std::string(field));
  const std::string value(without_brackets(before_comment(typed.value)));
  const bool is_utf8 = value.find("\\x{") != std::string::npos;
  // A blank that was encoded is what the quotes are for.
  return unquote_local_part(is_utf8 ? decode_utf8_address(value) : decode_xtext(value));
}

MtaName decode_mta(std::string_view field) {
  const std::string value = split_type(field).value;
  MtaName mta;
  std::string_view name = before_comment(value);
  const std::size_t open = value.find_first_of("[(");
  if (open != std::string::npos) {
    const std::string_view inner = std::string_view(value).substr(open + 1);
    const std::string_view address = inner.substr(0, inner.find_first_of(",)] "));
    if (is_address_like(address)) mta.address = address;
  }
  const std::size_t bracket = name.find('[');
  if (bracket != std::string_view::npos && !mta.address.empty()) {
    name = bracket == 0 ? std::string_view(mta.address) : trim(name.substr(0, bracket));
  }
  while (name.size() > 1 && name.back() == '.') name.remove_suffix(1);
  if (mta.address.empty() && is_address_like(name)) mta.address = name;
  mta.name = name;
  return mta;
}

std::string without_comments(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0) out += c;
    if (c == ')' && depth > 0) --depth;
  }
  return collapse_space(out);
}

std::string unquote_local_part(std::string_view address) {
  const std::size_t open = address.find('"');
  const std::size_t close = address.rfind("\"@");
  if (open == std::string_view::npos || close == std::string_view::npos || close <= open) {
    return std::string(address);
  }
  std::string local;
  for (std::size_t i = open + 1; i < close; ++i) {
    if (address[i] == '\\' && i + 1 < close) ++i;
    local += address[i];
  }
  // Only what a dot-atom may hold (RFC 5322 section 3.2.3, RFC 6532 section 3.2).
  const bool needs_quotes =
      local.empty() || local.front() == '.' || local.back() == '.' ||
      local.find("..") != std::string::npos || std::any_of(local.begin(), local.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 127 ||
               std::string_view("()<>[]:;@\\,\"").find(c) != std::string_view::npos;
      });
  if (needs_quotes) return std::string(address);
  return std::string(address.substr(0, open)) + local + std::string(address.substr(close + 1));
}

Action parse_action(std::string_view text) {
  return parse_id<Action>(ascii_lower(without_comments(text))).value_or(Action::kNone);
}

std::optional<EnhancedStatus> find_enhanced_status(std::string_view text) {
  while (!text.empty()) {
    const auto begin = std::find_if(text.begin(), text.end(), is_digit);
    text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
    const auto end =
        std::find_if_not(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
    std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(word.size());
    while (!word.empty() && word.back() == '.') word.remove_suffix(1);
    if (const auto status = parse_enhanced_status(word)) return status;
  }
  return std::nullopt;
}

}  // namespace plainbounce

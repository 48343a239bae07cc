// ASCII letters, digits, blanks, controls and lines, whatever the locale. For header names,
// domains, keywords.
#ifndef PLAINBOUNCE_LIB_BASE_ASCII_H_
#define PLAINBOUNCE_LIB_BASE_ASCII_H_

#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_small_letter(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || is_letter(c); }
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
// What separates words and folds headers: blank, tab, CR, LF.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
// Letters in lower case; other bytes stay.
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_ascii(std::string_view text);
std::string ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
// Without the blanks at either end.
std::string_view trim(std::string_view text);
// The items between `separator`, trimmed, without empty ones: "a; b" -> {"a", "b"}.
std::vector<std::string> split(std::string_view list, char separator);
// Each LF alone becomes CRLF.
std::string with_crlf(std::string_view text);
// Takes the next line off the front of `bytes`, without its LF or CRLF.
std::string_view take_line(std::string_view& bytes);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_ASCII_H_

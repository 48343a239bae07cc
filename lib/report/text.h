// Untrusted bytes -> clean UTF-8 text.
#ifndef PLAINBOUNCE_LIB_REPORT_TEXT_H_
#define PLAINBOUNCE_LIB_REPORT_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plainbounce {

// Valid UTF-8 as it is; otherwise each byte that isn't part of a valid sequence becomes U+FFFD.
std::string valid_utf8(std::string_view bytes);

// A surrogate, or a number beyond U+10FFFF, becomes U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

// The start of `text`, at most `limit` bytes and no part of a UTF-8 sequence.
std::string_view cut_utf8(std::string_view text, std::size_t limit);

// Runs of blanks, tabs and line ends become one blank; none at the ends. Unfolds header values.
std::string collapse_space(std::string_view text);

std::string_view trim(std::string_view text);

// ASCII only, whatever the locale.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// ASCII letters only; other bytes stay. For header names, domains and keywords.
std::string ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_TEXT_H_

// Untrusted bytes -> clean UTF-8 text.
#ifndef PLAINBOUNCE_LIB_REPORT_TEXT_H_
#define PLAINBOUNCE_LIB_REPORT_TEXT_H_

#include <string>
#include <string_view>

namespace plainbounce {

// Valid UTF-8 as it is; otherwise each byte that isn't part of a valid sequence becomes U+FFFD.
std::string valid_utf8(std::string_view bytes);

// Runs of blanks, tabs and line ends become one blank; none at the ends. Unfolds header values.
std::string collapse_space(std::string_view text);

std::string_view trim(std::string_view text);

// ASCII letters only; other bytes stay. For header names, domains and keywords.
std::string ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_TEXT_H_

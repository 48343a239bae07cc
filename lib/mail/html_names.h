// A character's name in HTML -> the same character by number.
#ifndef PLAINBOUNCE_LIB_MAIL_HTML_NAMES_H_
#define PLAINBOUNCE_LIB_MAIL_HTML_NAMES_H_

#include <cstddef>
#include <string_view>

namespace plainbounce {

// Bytes of the longest name.
inline constexpr std::size_t kMaxHtmlName = 31;

// "uuml" -> "&#252;"; two references for the few names that stand for two characters. Empty: no
// such name. The data is html-names.tsv; a view into it.
std::string_view html_character(std::string_view name);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_HTML_NAMES_H_

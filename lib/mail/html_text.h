// HTML -> the text in it.
#ifndef PLAINBOUNCE_LIB_MAIL_HTML_TEXT_H_
#define PLAINBOUNCE_LIB_MAIL_HTML_TEXT_H_

#include <string>
#include <string_view>

namespace plainbounce {

// For reading a notice's words, not for showing a page: tags fall away, block elements and <br>
// become line ends, script, style and comments vanish, character references are resolved. Total and
// linear; UTF-8 in and out.
std::string html_to_text(std::string_view html);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_HTML_TEXT_H_

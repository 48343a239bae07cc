// HTML -> the text in it.
#ifndef PLAINBOUNCE_LIB_MAIL_HTML_TEXT_H_
#define PLAINBOUNCE_LIB_MAIL_HTML_TEXT_H_

#include <string>
#include <string_view>

namespace plainbounce {

// For reading a notice's words, not for showing a page. What a browser shows as lines or blocks is
// apart by line ends, and a table's cells by a blank; titles, scripts, styles and comments vanish;
// all of HTML's character references that end as they should are resolved, as browsers do it. What
// is nested deeper than browsers go (512 elements) and all that follows it is left out. Total and
// linear; UTF-8 in and out. Thread-safe.
std::string html_to_text(std::string_view html);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_HTML_TEXT_H_

// Text -> lines of limited width, as they show in a fixed-width font.
#ifndef PLAINBOUNCE_LIB_NOTICE_WRAP_H_
#define PLAINBOUNCE_LIB_NOTICE_WRAP_H_

#include <string>
#include <string_view>

namespace plainbounce {

inline constexpr int kTextWidth = 72;

// Columns that a text takes: wide (East Asian) characters two, combining marks none.
int display_width(std::string_view text);

// Breaks `text` (one paragraph, valid UTF-8) into lines of at most `width` columns: at blanks,
// between characters of scripts that need no blanks, and inside a word only where it is longer than
// a line. The first line starts with `first`, the others with `rest`. No line end at the end.
std::string wrap(std::string_view text, std::string_view first = "", std::string_view rest = "",
                 int width = kTextWidth);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_WRAP_H_

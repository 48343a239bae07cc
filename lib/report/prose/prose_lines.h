// A text's lines -> the text of some of them, in one line.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_PROSE_LINES_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_PROSE_LINES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// Bytes kept of what is said of one recipient.
inline constexpr std::size_t kMaxPassage = 8192;

// Views into the text, without line ends.
using ProseLines = std::vector<std::string_view>;
ProseLines split_lines(std::string_view text);

// Does nothing stand in the line?
bool is_empty_line(std::string_view line);

// Does it begin with a rule: "_____ NOD32 _____", "===========", "----- Transcript ... -----"?
bool is_ruled_line(std::string_view line);

// `first`, and the lines from `begin` to before `end`, with white space collapsed; cut at
// kMaxPassage.
std::string join_lines(const ProseLines& lines, std::size_t begin, std::size_t end,
                       std::string_view first = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_PROSE_LINES_H_

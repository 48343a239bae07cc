#include "lib/report/prose/prose_lines.h"

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/header.h"

namespace plainbounce {

ProseLines split_lines(std::string_view text) {
  ProseLines lines;
  while (!text.empty()) lines.push_back(take_line(text));
  return lines;
}

bool is_empty_line(std::string_view line) { return trim(line).empty(); }

std::string join_lines(const ProseLines& lines, std::size_t begin, std::size_t end,
                       std::string_view first) {
  std::string text(cut_utf8(first, kMaxPassage));
  for (std::size_t i = begin; i < end && text.size() < kMaxPassage; ++i) {
    if (!text.empty()) text += ' ';
    text += cut_utf8(trim(lines[i]), kMaxPassage);
  }
  return collapse_space(cut_utf8(text, kMaxPassage));
}

}  // namespace plainbounce

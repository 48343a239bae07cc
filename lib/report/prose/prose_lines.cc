#include "lib/report/prose/prose_lines.h"

#include <algorithm>

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

bool is_ruled_line(std::string_view line) {
  constexpr std::string_view kMarks = "-_=*~";
  constexpr std::size_t kMinRule = 5;
  const std::string_view text = trim(line);
  if (text.empty() || kMarks.find(text.front()) == std::string_view::npos) return false;
  return std::min(text.find_first_not_of(text.front()), text.size()) >= kMinRule;
}

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

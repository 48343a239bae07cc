#include "lib/notice/wrap.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstddef>
#include <vector>

namespace plainbounce {
namespace {

int character_width(UChar32 c) {
  if (c >= 0x20 && c < 0x7F) return 1;
  const auto mask = U_GET_GC_MASK(c);
  if ((mask & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) != 0) return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

bool may_start_line(UChar32 c) {
  switch (u_getIntPropertyValue(c, UCHAR_LINE_BREAK)) {
    case U_LB_CLOSE_PUNCTUATION:
    case U_LB_CLOSE_PARENTHESIS:
    case U_LB_NONSTARTER:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
    case U_LB_EXCLAMATION:
    case U_LB_INFIX_NUMERIC:
    case U_LB_COMBINING_MARK:
    case U_LB_ZWJ:
      return false;
    default:
      return u_charType(c) != U_FINAL_PUNCTUATION;
  }
}

bool may_end_line(UChar32 c) {
  constexpr UChar32 kFirstIsolate = 0x2066;  // LRI, RLI, FSI
  constexpr UChar32 kLastIsolate = 0x2068;
  return u_getIntPropertyValue(c, UCHAR_LINE_BREAK) != U_LB_OPEN_PUNCTUATION &&
         u_charType(c) != U_INITIAL_PUNCTUATION && (c < kFirstIsolate || c > kLastIsolate);
}

// May a line end before this character, though no blank stands there? So where its script sets no
// blanks; but no line starts with closing punctuation.
bool can_break_before(UChar32 c, UChar32 previous) {
  if (character_width(c) != 2 && character_width(previous) != 2) return false;
  return may_start_line(c) && may_end_line(previous);
}

// One unbreakable run of characters.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  int width = 0;
  bool after_blank = false;
};

std::vector<Piece> split(std::string_view text, int max_width) {
  std::vector<Piece> pieces;
  const auto length = static_cast<int32_t>(text.size());
  UChar32 previous = ' ';
  for (int32_t i = 0; i < length;) {
    const int32_t start = i;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    if (c < 0) c = 0xFFFD;
    if (c == ' ' || c == '\n') {
      previous = ' ';
      continue;
    }
    const int width = character_width(c);
    const bool starts =
        previous == ' ' || can_break_before(c, previous) || pieces.back().width + width > max_width;
    if (starts) {
      pieces.push_back({static_cast<std::size_t>(start), 0, 0, previous == ' '});
    }
    pieces.back().end = static_cast<std::size_t>(i);
    pieces.back().width += width;
    previous = c;
  }
  return pieces;
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    width += character_width(c < 0 ? 0xFFFD : c);
  }
  return width;
}

std::string wrap(std::string_view text, std::string_view first, std::string_view rest, int width) {
  const int rest_width = display_width(rest);
  std::string result(first);
  int column = display_width(first);
  bool line_is_empty = true;
  for (const Piece& piece : split(text, width - rest_width)) {
    const int blank = piece.after_blank && !line_is_empty ? 1 : 0;
    if (!line_is_empty && column + blank + piece.width > width) {
      result.append("\n").append(rest);
      column = rest_width;
    } else if (blank == 1) {
      result += ' ';
      ++column;
    }
    result.append(text.substr(piece.begin, piece.end - piece.begin));
    column += piece.width;
    line_is_empty = false;
  }
  return result;
}

}  // namespace plainbounce

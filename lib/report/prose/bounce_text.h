// A bounce's text -> the mail system's words, and the message that comes back below them.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_BOUNCE_TEXT_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_BOUNCE_TEXT_H_

#include <cstddef>
#include <string_view>

#include "lib/knowledge/stock_phrases.h"

namespace plainbounce {

// Bytes of the words that are read.
inline constexpr std::size_t kMaxWords = std::size_t{256} << 10;

// Views into the text.
struct BounceText {
  std::string_view words;     // at most kMaxWords
  std::string_view returned;  // begins with the header; empty: no message comes back in the text
};

// `words` without the paragraphs at their end that a scanner or the house added (kFooter). A rule
// above one belongs to it.
std::string_view without_footer(std::string_view words, const StockPhrases& phrases);

// The message begins where several lines in a row are header fields that only a message has, else
// below a line that announces it (kReturned).
BounceText split_bounce_text(std::string_view text, const StockPhrases& phrases);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_BOUNCE_TEXT_H_

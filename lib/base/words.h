// Text -> its words and what stands between them, in any script.
#ifndef PLAINBOUNCE_LIB_BASE_WORDS_H_
#define PLAINBOUNCE_LIB_BASE_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

struct TextPart {
  enum class Kind {
    kWord,    // letters, with apostrophes within: "isn't"
    kNumber,  // digits of any script and spelling, or a run of letters and digits: "IPv6"
    kMark,    // one character of punctuation, or one blank
    kOther,   // one character that is anything else: a symbol, a control, an invisible one
  };
  Kind kind = Kind::kOther;
  std::string_view text;  // of the text that was split
};

// The parts are the whole text (valid UTF-8), in order. Scripts without blanks between words are
// taken apart by ICU's dictionaries. Linear and total.
std::vector<TextPart> text_parts(std::string_view text);

// The same for each spelling of a word: case, wide letters, typographic apostrophes.
std::string fold_word(std::string_view word);

// Makes ICU load at once what the first text_parts() of such a script would wait for.
void prepare_words();

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_WORDS_H_

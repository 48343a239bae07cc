// The words that servers use: what may be told of a reply without telling of anybody.
//
// They are those of at least two labelled replies or rules' examples, but for names (names.tsv) and
// words of numbers; the build gathers them (learn/pack_words.cc).
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_KNOWN_WORDS_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_KNOWN_WORDS_H_

#include <string_view>

namespace plainbounce {

// `word` as text_parts() (base/words.h) gives it. "Max" and "Will" are names, "max" and "MAX"
// aren't. Total.
bool is_known_word(std::string_view word);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_KNOWN_WORDS_H_

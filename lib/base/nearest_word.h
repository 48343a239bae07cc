// A misspelt word -> the known word that was probably meant.
#ifndef PLAINBOUNCE_LIB_BASE_NEAREST_WORD_H_
#define PLAINBOUNCE_LIB_BASE_NEAREST_WORD_H_

#include <cstddef>
#include <span>
#include <string_view>

namespace plainbounce {

// How many letters must be put in, taken out or changed to turn `a` into `b` (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `known` by edit distance; the first of several. Empty where `known` is.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_NEAREST_WORD_H_

// A message's pattern -> what translations must agree on.
#ifndef PLAINBOUNCE_TESTS_UNIT_MESSAGE_STRUCTURE_H_
#define PLAINBOUNCE_TESTS_UNIT_MESSAGE_STRUCTURE_H_

#include <unicode/unistr.h>

#include <set>
#include <string>
#include <vector>

namespace plainbounce {

using PluralForms = std::set<std::string>;

struct Structure {
  std::vector<PluralForms> plurals;  // the categories of each plural: "one", "other", "=1"
  // Those of them whose text has no "#", in the same order.
  std::vector<PluralForms> without_number;
  bool shows_number = false;  // "#"
  std::string literal;        // the texts, without arguments and syntax
};

Structure structure_of(const std::string& pattern);

// Runs of letters, in lower case; those of digits, signs and single letters are none.
std::vector<std::string> words_of(const std::string& text);

std::string utf8(const icu::UnicodeString& text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_MESSAGE_STRUCTURE_H_

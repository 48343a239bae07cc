#include "tests/unit/message_structure.h"

#include <gtest/gtest.h>
#include <unicode/messagepattern.h>
#include <unicode/uchar.h>

namespace plainbounce {

std::string utf8(const icu::UnicodeString& text) {
  std::string result;
  text.toUTF8String(result);
  return result;
}

namespace {

bool shows_number(const icu::MessagePattern& pattern, int start) {
  const int limit = pattern.getLimitPartIndex(start);
  for (int i = start; i < limit; ++i) {
    if (pattern.getPart(i).getType() == UMSGPAT_PART_TYPE_REPLACE_NUMBER) return true;
  }
  return false;
}

// Reads the plural that starts at `start`; nested parts are left to the caller's walk.
void add_plural(const icu::MessagePattern& pattern, int start, Structure& structure) {
  PluralForms& forms = structure.plurals.emplace_back();
  PluralForms& without_number = structure.without_number.emplace_back();
  std::string form;
  const int limit = pattern.getLimitPartIndex(start);
  for (int i = start + 1; i < limit; ++i) {
    const auto& part = pattern.getPart(i);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_SELECTOR) {
      form = utf8(pattern.getSubstring(part));
      forms.insert(form);
    } else if (part.getType() == UMSGPAT_PART_TYPE_MSG_START) {
      if (!shows_number(pattern, i)) without_number.insert(form);
      i = pattern.getLimitPartIndex(i);
    }
  }
}

}  // namespace

Structure structure_of(const std::string& text) {
  Structure result;
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessagePattern pattern(icu::UnicodeString::fromUTF8(text), nullptr, status);
  EXPECT_TRUE(U_SUCCESS(status)) << text;
  icu::UnicodeString literal;
  int argument_depth = 0;
  std::vector<int> depths;  // of arguments, at each message that is open
  for (int i = 0; i < pattern.countParts(); ++i) {
    const auto& part = pattern.getPart(i);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_START) {
      ++argument_depth;
      if (part.getArgType() == UMSGPAT_ARG_TYPE_PLURAL) {
        add_plural(pattern, i, result);
      }
    } else if (part.getType() == UMSGPAT_PART_TYPE_ARG_LIMIT) {
      --argument_depth;
    } else if (part.getType() == UMSGPAT_PART_TYPE_REPLACE_NUMBER) {
      result.shows_number = true;
    } else if (part.getType() == UMSGPAT_PART_TYPE_MSG_START) {
      depths.push_back(argument_depth);
    } else if (part.getType() == UMSGPAT_PART_TYPE_MSG_LIMIT) {
      depths.pop_back();
    }
    // Text stands between the parts of a message that is in no argument of its own.
    const bool in_text = !depths.empty() && depths.back() == argument_depth;
    if (in_text && i + 1 < pattern.countParts()) {
      const int begin = part.getLimit();
      const int length = pattern.getPart(i + 1).getIndex() - begin;
      literal.append(pattern.getPatternString(), begin, length).append(u' ');
    }
  }
  result.literal = utf8(literal);
  return result;
}

// Runs of letters, in lower case; those of digits, signs and single letters are none.
std::vector<std::string> words_of(const std::string& text) {
  const icu::UnicodeString characters = icu::UnicodeString::fromUTF8(text);
  std::vector<std::string> words;
  icu::UnicodeString word;
  for (int32_t i = 0; i <= characters.length(); i = characters.moveIndex32(i, 1)) {
    const bool inside = i < characters.length() && u_isalpha(characters.char32At(i)) != 0;
    if (inside) {
      word.append(characters.char32At(i));
    } else {
      if (word.countChar32() > 1) words.push_back(utf8(word.toLower()));
      word.remove();
    }
    if (i == characters.length()) break;
  }
  return words;
}

}  // namespace plainbounce

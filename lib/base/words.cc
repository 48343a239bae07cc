#include "lib/base/words.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "lib/base/text.h"

namespace plainbounce {
namespace {

using Kind = TextPart::Kind;

struct Letter {
  UChar32 c = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<Letter> letters_of(std::string_view text) {
  std::vector<Letter> letters;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    Letter letter;
    letter.begin = static_cast<std::size_t>(i);
    U8_NEXT(text.data(), i, size, letter.c);
    letter.end = static_cast<std::size_t>(i);
    letters.push_back(letter);
  }
  return letters;
}

bool is_apostrophe(UChar32 c) { return c == '\'' || c == 0x2019; }

// Does it count? Also "Ⅷ", "①", "²"; the Chinese signs that do are letters of other words, too.
bool is_numeric(UChar32 c) { return u_getNumericValue(c) != U_NO_NUMERIC_VALUE && !u_isalpha(c); }

bool is_of_word(UChar32 c) {
  return u_isalpha(c) || is_numeric(c) || (U_MASK(u_charType(c)) & U_GC_M_MASK) != 0;
}

bool is_mark(UChar32 c) {
  constexpr std::uint32_t kMarks = U_GC_P_MASK | U_GC_SM_MASK | U_GC_SC_MASK | U_GC_SK_MASK;
  return c == ' ' || (U_MASK(u_charType(c)) & kMarks) != 0;
}

// Is it of a script that has no blanks between words?
bool has_no_blanks(UChar32 c) {
  if (c < 0x0E00) return false;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &status);
  return U_SUCCESS(status) && uscript_breaksBetweenLetters(script);
}

struct Run {
  std::size_t end = 0;  // within the letters
  bool numeric = false;
  bool without_blanks = false;
};

// The word that begins at `begin`.
Run run_at(const std::vector<Letter>& letters, std::size_t begin) {
  Run run;
  run.end = begin;
  for (; run.end < letters.size(); ++run.end) {
    const UChar32 c = letters[run.end].c;
    const bool joint = is_apostrophe(c) && run.end > begin && run.end + 1 < letters.size() &&
                       is_of_word(letters[run.end + 1].c);
    if (!joint && !is_of_word(c)) break;
    run.numeric = run.numeric || is_numeric(c);
    run.without_blanks = run.without_blanks || has_no_blanks(c);
  }
  return run;
}

// ICU's iterators can't be shared among threads.
void add_by_dictionary(std::string_view run, std::vector<TextPart>& parts) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> words(
      icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
  UText* const text =
      utext_openUTF8(nullptr, run.data(), static_cast<std::int64_t>(run.size()), &status);
  if (U_SUCCESS(status)) words->setText(text, status);
  if (U_FAILURE(status)) {
    parts.push_back({Kind::kOther, run});
  } else {
    std::int32_t begin = words->first();
    for (std::int32_t end = words->next(); end != icu::BreakIterator::DONE; end = words->next()) {
      const auto at = static_cast<std::size_t>(begin);
      const std::string_view word = run.substr(at, static_cast<std::size_t>(end) - at);
      bool numeric = false;
      for (const Letter& letter : letters_of(word)) numeric = numeric || is_numeric(letter.c);
      parts.push_back({numeric ? Kind::kNumber : Kind::kWord, word});
      begin = end;
    }
  }
  utext_close(text);
}

}  // namespace

std::vector<TextPart> text_parts(std::string_view text) {
  const std::vector<Letter> letters = letters_of(text);
  std::vector<TextPart> parts;
  for (std::size_t i = 0; i < letters.size();) {
    const Letter& first = letters[i];
    const Run run = run_at(letters, i);
    if (run.end == i) {
      parts.push_back({is_mark(first.c) ? Kind::kMark : Kind::kOther,
                       text.substr(first.begin, first.end - first.begin)});
      ++i;
      continue;
    }
    const std::string_view word = text.substr(first.begin, letters[run.end - 1].end - first.begin);
    if (run.without_blanks) {
      add_by_dictionary(word, parts);
    } else {
      parts.push_back({run.numeric ? Kind::kNumber : Kind::kWord, word});
    }
    i = run.end;
  }
  return parts;
}

std::string fold_word(std::string_view word) {
  std::string plain;
  for (const Letter& letter : letters_of(word)) {
    append_utf8(plain, is_apostrophe(letter.c) ? U'\'' : static_cast<std::uint32_t>(letter.c));
  }
  return fold_utf8(plain);
}

void prepare_words() {
  // One word each of Chinese, Japanese, Thai, Lao, Khmer and Burmese.
  for (const char* word :
       {"\xE9\x82\xAE\xE4\xBB\xB6", "\xE3\x83\xA1\xE3\x83\xBC\xE3\x83\xAB",
        "\xE0\xB8\xAD\xE0\xB8\xB5\xE0\xB9\x80\xE0\xB8\xA1\xE0\xB8\xA5", "\xE0\xBA\x97\xE0\xBA\xB5",
        "\xE1\x9E\x93\xE1\x9F\x85", "\xE1\x80\x99\xE1\x80\xBE\xE1\x80\xAC"}) {
    text_parts(word);
  }
}

}  // namespace plainbounce

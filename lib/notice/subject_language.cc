#include "lib/notice/subject_language.h"

#include <cld2/public/compact_lang_det.h>
#include <unicode/localpointer.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ulocdata.h>
#include <unicode/uniset.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/embedded.h"
#include "lib/base/text.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

template <typename Visit>
void for_each_character(std::string_view text, Visit visit) {
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    const auto begin = static_cast<std::size_t>(i);
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    visit(c, text.substr(begin, static_cast<std::size_t>(i) - begin));
  }
}

bool is_alphabetic(UChar32 c) { return c >= 0 && u_isalpha(c) != 0; }

icu::UnicodeSet letters_in(std::string_view text) {
  icu::UnicodeSet letters;
  for_each_character(text, [&](UChar32 c, std::string_view) {
    if (is_alphabetic(c)) letters.add(c);
  });
  return letters;
}

// What is known beforehand

// The ideographs of a national standard: what isn't among them isn't written in that language.
struct Standard {
  std::string_view language;
  icu::UnicodeSet ideographs;
};

icu::UnicodeSet ideographs_of(const char* charset) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::LocalUConverterPointer converter(ucnv_open(charset, &status));
  icu::UnicodeSet of_charset;
  ucnv_getUnicodeSet(converter.getAlias(), of_charset.toUSet(), UCNV_ROUNDTRIP_SET, &status);
  icu::UnicodeSet ideographs;
  ideographs.applyIntPropertyValue(UCHAR_IDEOGRAPHIC, 1, status);
  ideographs.retainAll(of_charset);
  return ideographs;
}

struct Lore {
  std::vector<std::string> prefixes;                        // subject-prefixes.tsv, folded
  std::map<std::string, std::string_view> charsets;         // subject-charsets.tsv: to a language
  std::map<std::string_view, icu::UnicodeSet> own_letters;  // own-letters.tsv: by language
  std::vector<Standard> standards;
  icu::UnicodeSet ideographs;  // of all the standards
};

std::vector<TableRow> rows_of(std::string_view file, std::vector<std::string_view> columns) {
  return parse_table(file, embedded_file(notice_files(), file).content, columns);
}

Lore load_lore() {
  Lore lore;
  for (const TableRow& row :
       rows_of("notice/subject-prefixes.tsv", {"prefix", "meaning", "languages"})) {
    lore.prefixes.push_back(fold_utf8(row.cells[0]));
  }
  for (const TableRow& row : rows_of("notice/subject-charsets.tsv", {"charset", "language"})) {
    lore.charsets.emplace(row.cells[0], row.cells[1]);
  }
  for (const TableRow& row :
       rows_of("notice/own-letters.tsv", {"language", "letters", "neighbours"})) {
    lore.own_letters.emplace(row.cells[0], letters_in(row.cells[1]));
  }
  lore.standards = {{"ja", ideographs_of("Shift_JIS")},
                    {"zh-Hans", ideographs_of("GB2312")},
                    {"zh-Hant", ideographs_of("Big5")}};
  for (const Standard& standard : lore.standards) lore.ideographs.addAll(standard.ideographs);
  return lore;
}

const Lore& lore() {
  static const Lore kLore = load_lore();
  return kLore;
}

// What stands in front of a subject

bool take_prefix(std::string_view& subject) {
  const std::vector<std::string>& prefixes = lore().prefixes;
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& prefix) {
    if (!subject.starts_with(prefix)) return false;
    const std::size_t colon = subject.find_first_not_of(" [](){}^*0123456789", prefix.size());
    if (colon == std::string_view::npos || subject[colon] != ':') return false;
    subject.remove_prefix(colon + 1);
    return true;
  });
}

// "[EXTERNAL]", "[name of a list]"
bool take_tag(std::string_view& subject) {
  if (!subject.starts_with('[')) return false;
  const std::size_t end = subject.find(']');
  if (end == std::string_view::npos) return false;
  subject.remove_prefix(end + 1);
  return true;
}

std::string_view without_prefixes(std::string_view folded) {
  do {
    folded = trim(folded);
  } while (take_prefix(folded) || take_tag(folded));
  return folded;
}

// Which script

bool is_kana(UChar32 c) {
  return uscript_hasScript(c, USCRIPT_HIRAGANA) != 0 || uscript_hasScript(c, USCRIPT_KATAKANA) != 0;
}

// The script that a letter is counted with: those that stand beside each other in the words of one
// language are Han. USCRIPT_COMMON: no letter.
UScriptCode script_of(UChar32 c) {
  if (!is_alphabetic(c)) return USCRIPT_COMMON;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &status);
  const bool east_asian = script == USCRIPT_HANGUL || script == USCRIPT_BOPOMOFO || is_kana(c);
  return east_asian ? USCRIPT_HAN : script;
}

// Letters of one script beside each other, with their marks.
struct Run {
  UScriptCode script = USCRIPT_COMMON;
  std::string_view text;
  int letters = 0;

  // Faces are drawn with single letters. One of Han, Hangul or kana is a syllable: two Latin ones.
  int weight() const { return letters < 2 ? 0 : letters * (script == USCRIPT_HAN ? 2 : 1); }
};

std::vector<Run> runs_of(std::string_view text) {
  std::vector<Run> runs;
  bool goes_on = false;
  for_each_character(text, [&](UChar32 c, std::string_view bytes) {
    const bool is_mark = c >= 0 && (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    const UScriptCode script = goes_on && is_mark ? runs.back().script : script_of(c);
    if (!goes_on || script != runs.back().script) {
      goes_on = script != USCRIPT_COMMON;
      if (!goes_on) return;
      runs.push_back({script, bytes.substr(0, 0), 0});
    }
    Run& run = runs.back();
    run.text = {run.text.data(), run.text.size() + bytes.size()};
    run.letters += is_mark ? 0 : 1;
  });
  return runs;
}

struct Majority {
  UScriptCode script = USCRIPT_COMMON;  // COMMON: no script has a clear majority
  std::string text;                     // its runs, with a blank behind each
};

// Two thirds. Names and products stand in subjects of every language.
Majority clear_majority(const std::vector<Run>& runs) {
  std::map<UScriptCode, int> weights;
  int all = 0;
  for (const Run& run : runs) {
    weights[run.script] += run.weight();
    all += run.weight();
  }
  const auto most = std::find_if(weights.begin(), weights.end(), [&](const auto& of_script) {
    return of_script.second > 0 && 3 * of_script.second >= 2 * all;
  });
  if (most == weights.end()) return {};
  Majority majority{most->first, {}};
  for (const Run& run : runs) {
    if (run.script == most->first) majority.text.append(run.text).append(" ");
  }
  return majority;
}

// Chinese, Japanese, Korean

using Languages = std::vector<std::string_view>;

bool has(const Languages& languages, std::string_view language) {
  return std::find(languages.begin(), languages.end(), language) != languages.end();
}

// Those whose standards have all of the ideographs. One that none has, as in a rare name, tells
// nothing.
Languages languages_of_ideographs(std::string_view text) {
  icu::UnicodeSet ideographs = letters_in(text);
  ideographs.retainAll(lore().ideographs);
  Languages languages;
  for (const Standard& standard : lore().standards) {
    if (standard.ideographs.containsAll(ideographs)) languages.push_back(standard.language);
  }
  return languages;
}

// The languages that a text of Han, kana and Hangul can be in; empty: it is mixed.
Languages east_asian_languages(std::string_view text) {
  int letters = 0;
  int kana = 0;
  int hangul = 0;
  for_each_character(text, [&](UChar32 c, std::string_view) {
    if (!is_alphabetic(c)) return;
    UErrorCode status = U_ZERO_ERROR;
    ++letters;
    if (is_kana(c)) ++kana;
    if (uscript_getScript(c, &status) == USCRIPT_HANGUL) ++hangul;
  });
  if (hangul > 0) return 2 * hangul > letters ? Languages{"ko"} : Languages{};
  Languages languages = languages_of_ideographs(text);
  if (kana == 0) return languages;
  return has(languages, "ja") ? Languages{"ja"} : Languages{};
}

// Alphabets

// Only with letters that the language is written with: CLDR's exemplar characters, without those
// that only foreign words have. False, too, where CLDR has none.
bool is_written_in(std::string_view text, std::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::LocalULocaleDataPointer data(ulocdata_open(std::string(language).c_str(), &status));
  icu::UnicodeSet alphabet;
  ulocdata_getExemplarSet(data.getAlias(), alphabet.toUSet(), 0, ULOCDATA_ES_STANDARD, &status);
  return U_SUCCESS(status) != 0 && alphabet.containsAll(letters_in(text));
}

bool has_own_letter(std::string_view text, std::string_view language) {
  const auto own = lore().own_letters.find(language);
  return own != lore().own_letters.end() && own->second.containsSome(letters_in(text));
}

// What CLD2 says of a text; empty: it doesn't know. kCLDFlagBestEffort: it guesses where the text
// is too short for being sure.
std::string_view detect(std::string_view text, int flags) {
  constexpr double kLeast = 250;  // a language that it only takes because of the script has less
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percent{};
  std::array<double, 3> score{};
  int bytes = 0;
  bool reliable = false;
  int valid = 0;
  const CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
      text.data(), static_cast<int>(text.size()), true, nullptr, flags, languages.data(),
      percent.data(), score.data(), nullptr, &bytes, &reliable, &valid);
  const bool knows = reliable && language != CLD2::UNKNOWN_LANGUAGE && score[0] >= kLeast;
  return knows ? CLD2::LanguageCode(language) : "";
}

std::string_view language_of_alphabet(std::string_view text) {
  std::string_view language = detect(text, 0);
  if (language.empty()) {
    language = detect(text, CLD2::kCLDFlagBestEffort);
    if (!has_own_letter(text, language)) return "";
  }
  return is_written_in(text, language) ? language : "";
}

// The subject

std::string_view language_of_letters(const Majority& majority) {
  if (majority.script == USCRIPT_COMMON || majority.script == USCRIPT_LATIN) return "";
  if (majority.script != USCRIPT_HAN) return language_of_alphabet(majority.text);
  const Languages languages = east_asian_languages(majority.text);
  return languages.size() == 1 ? languages.front() : "";
}

bool allow(const Majority& majority, std::string_view language) {
  if (majority.script == USCRIPT_COMMON) return true;
  if (majority.script == USCRIPT_LATIN) return false;
  if (majority.script != USCRIPT_HAN) return is_written_in(majority.text, language);
  return language == "ko" || has(east_asian_languages(majority.text), language);
}

}  // namespace

std::string_view language_of_subject(std::string_view charset, std::string_view subject) {
  constexpr std::size_t kEnough = 1000;  // bytes
  const std::string folded = fold_utf8(cut_utf8(subject, kEnough));
  const Majority majority = clear_majority(runs_of(without_prefixes(folded)));
  const auto known = lore().charsets.find(ascii_lower(charset));
  if (known == lore().charsets.end()) return language_of_letters(majority);
  return allow(majority, known->second) ? known->second : "";
}

}  // namespace plainbounce

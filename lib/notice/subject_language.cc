#include "lib/notice/subject_language.h"

#include <cld2/public/compact_lang_det.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ulocdata.h>
#include <unicode/uscript.h>
#include <unicode/uset.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/embedded.h"
#include "lib/base/text.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

// Charsets that one language alone is written in.
struct CharsetLanguage {
  std::string_view charset;  // lower case
  std::string_view language;
};
constexpr auto kCharsets = std::to_array<CharsetLanguage>({
    {"iso-2022-jp", "ja"},     {"shift_jis", "ja"},    {"shift-jis", "ja"},
    {"windows-31j", "ja"},     {"cp932", "ja"},        {"euc-jp", "ja"},
    {"gb2312", "zh-Hans"},     {"gbk", "zh-Hans"},     {"gb18030", "zh-Hans"},
    {"hz-gb-2312", "zh-Hans"}, {"big5", "zh-Hant"},    {"euc-kr", "ko"},
    {"ks_c_5601-1987", "ko"},  {"koi8-u", "uk"},       {"windows-1253", "el"},
    {"iso-8859-7", "el"},      {"windows-1255", "he"}, {"iso-8859-8", "he"},
    {"iso-8859-8-i", "he"},    {"tis-620", "th"},
});

std::string_view language_of_charset(std::string_view charset) {
  const std::string name = ascii_lower(charset);
  const auto* const known = std::find_if(kCharsets.begin(), kCharsets.end(),
                                         [&](const auto& entry) { return entry.charset == name; });
  return known == kCharsets.end() ? std::string_view() : known->language;
}

// What stands in front of a subject

std::vector<std::string> read_prefixes() {
  constexpr std::string_view kFile = "notice/subject-prefixes.tsv";
  constexpr std::array<std::string_view, 3> kColumns = {"prefix", "meaning", "languages"};
  std::vector<std::string> prefixes;
  for (const TableRow& row :
       parse_table(kFile, embedded_file(notice_files(), kFile).content, kColumns)) {
    prefixes.push_back(fold_utf8(row.cells[0]));
  }
  return prefixes;
}

bool take_prefix(std::string_view& subject) {
  static const std::vector<std::string> kPrefixes = read_prefixes();
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](const std::string& prefix) {
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

// Letters

template <typename Visit>
void for_each_character(std::string_view text, Visit visit) {
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    const int32_t begin = i;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    visit(c, text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin)));
  }
}

bool is_kana(UChar32 c) {
  return uscript_hasScript(c, USCRIPT_HIRAGANA) != 0 || uscript_hasScript(c, USCRIPT_KATAKANA) != 0;
}

// The script that a letter is counted with: those that stand beside each other in the words of one
// language are Han. USCRIPT_COMMON: no letter.
UScriptCode script_of(UChar32 c) {
  if (c < 0 || u_isalpha(c) == 0) return USCRIPT_COMMON;
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(c, &status);
  const bool east_asian = script == USCRIPT_HANGUL || script == USCRIPT_BOPOMOFO || is_kana(c);
  return east_asian ? USCRIPT_HAN : script;
}

// The letters of one script.
struct Letters {
  std::string text;  // runs of them, each with a blank behind it
  int weight = 0;    // how many are in runs of two or more: faces are drawn with single ones
};

using LettersByScript = std::map<UScriptCode, Letters>;

void add_run(std::string_view run, int length, UScriptCode script, LettersByScript& letters) {
  constexpr int kSyllable =
      2;  // Latin letters that one of Han, Hangul or kana stands for, at least
  if (length == 0) return;
  letters[script].text.append(run).append(" ");
  if (length > 1) letters[script].weight += length * (script == USCRIPT_HAN ? kSyllable : 1);
}

LettersByScript letters_by_script(std::string_view text) {
  LettersByScript letters;
  std::string run;
  int length = 0;  // characters
  UScriptCode script = USCRIPT_COMMON;
  for_each_character(text, [&](UChar32 c, std::string_view bytes) {
    const bool is_mark = c >= 0 && (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    const UScriptCode next = is_mark ? script : script_of(c);
    if (next != script) {
      add_run(run, length, script, letters);
      run.clear();
      length = 0;
      script = next;
    }
    if (script == USCRIPT_COMMON) return;
    run += bytes;
    if (!is_mark) ++length;
  });
  add_run(run, length, script, letters);
  return letters;
}

struct Majority {
  UScriptCode script = USCRIPT_COMMON;  // COMMON: no script has a clear majority
  std::string text;                     // as Letters::text
};

// Two thirds. Names and products stand in subjects of every language.
Majority clear_majority(const LettersByScript& letters) {
  int all = 0;
  for (const auto& [script, of_script] : letters) all += of_script.weight;
  for (const auto& [script, of_script] : letters) {
    if (of_script.weight > 0 && 3 * of_script.weight >= 2 * all) return {script, of_script.text};
  }
  return {};
}

// Chinese, Japanese, Korean

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

// The characters that a national standard has: what isn't among them isn't written in that country.
class Repertoire {
 public:
  explicit Repertoire(const char* charset) {
    UErrorCode status = U_ZERO_ERROR;
    converter_.reset(ucnv_open(charset, &status));
    ucnv_setFromUCallBack(converter_.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                          &status);
    if (U_FAILURE(status)) converter_.reset();
  }

  bool has(UChar32 c) const {
    if (converter_ == nullptr) return false;
    std::array<UChar, U16_MAX_LENGTH> wide{};
    int32_t length = 0;
    U16_APPEND_UNSAFE(wide, length, c);
    std::array<char, 16> bytes{};
    UErrorCode status = U_ZERO_ERROR;
    ucnv_fromUChars(converter_.get(), bytes.data(), bytes.size(), wide.data(), length, &status);
    return U_SUCCESS(status) != 0;
  }

 private:
  std::unique_ptr<UConverter, CloseConverter> converter_;
};

struct Standard {
  std::string_view language;
  const char* charset;
};
constexpr auto kStandards =
    std::to_array<Standard>({{"ja", "Shift_JIS"}, {"zh-Hans", "GB2312"}, {"zh-Hant", "Big5"}});

using Languages = std::vector<std::string_view>;

bool has(const Languages& languages, std::string_view language) {
  return std::find(languages.begin(), languages.end(), language) != languages.end();
}

// Those whose standards have all of the Han characters. One that none has, as in a rare name, tells
// nothing.
Languages languages_of_han(std::string_view text) {
  std::array<bool, kStandards.size()> possible{};
  possible.fill(true);
  const std::vector<Repertoire> repertoires = [] {
    std::vector<Repertoire> all;
    for (const Standard& standard : kStandards) all.emplace_back(standard.charset);
    return all;
  }();
  for_each_character(text, [&](UChar32 c, std::string_view) {
    if (c < 0 || u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) == 0) return;
    std::array<bool, kStandards.size()> with{};
    std::transform(repertoires.begin(), repertoires.end(), with.begin(),
                   [&](const Repertoire& repertoire) { return repertoire.has(c); });
    if (std::none_of(with.begin(), with.end(), [](bool one) { return one; })) return;
    for (std::size_t i = 0; i < with.size(); ++i) possible[i] = possible[i] && with[i];
  });
  Languages languages;
  for (std::size_t i = 0; i < possible.size(); ++i) {
    if (possible[i]) languages.push_back(kStandards[i].language);
  }
  return languages;
}

// The languages that a text of Han, kana and Hangul can be in; empty: it is mixed.
Languages east_asian_languages(std::string_view text) {
  int letters = 0;
  int kana = 0;
  int hangul = 0;
  for_each_character(text, [&](UChar32 c, std::string_view) {
    if (c < 0 || u_isalpha(c) == 0) return;
    ++letters;
    if (is_kana(c)) ++kana;
    if (uscript_hasScript(c, USCRIPT_HANGUL) != 0 && u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) == 0)
      ++hangul;
  });
  if (hangul > 0) return 2 * hangul > letters ? Languages{"ko"} : Languages{};
  Languages languages = languages_of_han(text);
  if (kana == 0) return languages;
  return has(languages, "ja") ? Languages{"ja"} : Languages{};
}

// Alphabets

struct CloseSet {
  void operator()(USet* set) const { uset_close(set); }
};
using CharacterSet = std::unique_ptr<USet, CloseSet>;

// The letters that a language is written with (CLDR's exemplar characters, without those that only
// foreign words have). Empty where CLDR has none.
CharacterSet letters_of(std::string_view language) {
  UErrorCode status = U_ZERO_ERROR;
  ULocaleData* const data = ulocdata_open(std::string(language).c_str(), &status);
  CharacterSet set(uset_openEmpty());
  if (U_FAILURE(status)) return set;
  ulocdata_getExemplarSet(data, set.get(), 0, ULOCDATA_ES_STANDARD, &status);
  ulocdata_close(data);
  if (U_FAILURE(status)) uset_clear(set.get());
  return set;
}

bool has_letter_outside(std::string_view text, const USet* set) {
  bool found = false;
  for_each_character(text, [&](UChar32 c, std::string_view) {
    found = found || (c >= 0 && u_isalpha(c) != 0 && uset_contains(set, c) == 0);
  });
  return found;
}

bool is_written_in(std::string_view text, std::string_view language) {
  return !has_letter_outside(text, letters_of(language).get());
}

// A language, and one that its texts are taken for most easily, or the other way round.
struct Neighbours {
  std::string_view language;
  std::string_view other;
};
constexpr auto kNeighbours =
    std::to_array<Neighbours>({{"uk", "ru"}, {"ar", "fa"}, {"ar", "ug"}});

// Has the text a letter that tells the language from all of its neighbours?
bool has_own_letter(std::string_view text, std::string_view language) {
  const CharacterSet others(uset_openEmpty());
  for (const Neighbours& pair : kNeighbours) {
    if (pair.language == language) uset_addAll(others.get(), letters_of(pair.other).get());
  }
  return uset_isEmpty(others.get()) == 0 && has_letter_outside(text, others.get());
}

// What CLD2 says of a text; empty: it doesn't know. short_too: it guesses where the text is too
// short for being sure.
std::string_view detect(std::string_view text, bool short_too) {
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percent{};
  std::array<double, 3> score{};
  int bytes = 0;
  bool reliable = false;
  int valid = 0;
  const CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
      text.data(), static_cast<int>(text.size()), true, nullptr,
      short_too ? CLD2::kCLDFlagBestEffort : 0, languages.data(), percent.data(), score.data(),
      nullptr, &bytes, &reliable, &valid);
  return reliable && language != CLD2::UNKNOWN_LANGUAGE ? CLD2::LanguageCode(language) : "";
}

std::string_view language_of_alphabet(std::string_view text) {
  std::string_view language = detect(text, false);
  if (language.empty()) {
    language = detect(text, true);
    if (!has_own_letter(text, language)) return "";
  }
  return is_written_in(text, language) ? language : "";
}

// The subject's letters

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
  const Majority majority = clear_majority(letters_by_script(without_prefixes(folded)));
  const std::string_view language = language_of_charset(charset);
  if (language.empty()) return language_of_letters(majority);
  return allow(majority, language) ? language : "";
}

}  // namespace plainbounce

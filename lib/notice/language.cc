#include "lib/notice/language.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "lib/base/ascii.h"
#include "lib/mail/address.h"

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

bool is_one_of(UChar32 c, std::u32string_view letters) {
  return letters.find(static_cast<char32_t>(c)) != std::u32string_view::npos;
}

// How many letters of each kind a subject has.
struct LetterCount {
  int kana = 0;
  int han = 0;
  int hangul = 0;
  int arabic = 0;
  int other_arabic = 0;  // that Persian and Urdu have, and Arabic hasn't
  int ukrainian = 0;     // that no other language has
  int other_cyrillic = 0;
  int latin = 0;

  void add(UChar32 c) {
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(c, &status)) {
      case USCRIPT_HIRAGANA:
      case USCRIPT_KATAKANA:
        ++kana;
        break;
      case USCRIPT_HAN:
        ++han;
        break;
      case USCRIPT_HANGUL:
        ++hangul;
        break;
      case USCRIPT_ARABIC:
        ++(is_one_of(c, U"پچژگکیںےٹڈڑھہۀێۆڵڕ") ? other_arabic : arabic);
        break;
      case USCRIPT_CYRILLIC:
        ++(is_one_of(c, U"їЇєЄґҐ") ? ukrainian : other_cyrillic);
        break;
      case USCRIPT_LATIN:
        ++latin;
        break;
      default:
        break;
    }
  }
};

// A word or two of Latin letters, such as a product's name, stand in subjects of every language.
std::string_view language_of_letters(const LetterCount& count) {
  const int letters =
      count.kana + count.han + count.hangul + count.arabic + count.ukrainian + count.other_cyrillic;
  if (letters < 2 || count.latin > 4 * letters) return "";
  if (count.kana > 0) return "ja";
  if (count.hangul > 0) return "ko";
  if (count.han > 0) return "zh";
  if (count.arabic > 0) return count.other_arabic == 0 ? "ar" : "";
  return count.ukrainian > 0 ? "uk" : "";
}

// Does the key of the house's map cover the address: itself, its domain, or a domain above that?
bool covers(std::string_view key, std::string_view address) {
  if (key.find('@') != std::string_view::npos) return is_same_address(key, address);
  const std::string domain = domain_of(address);
  const std::string wanted = canonical_domain(key);
  return domain == wanted || domain.ends_with("." + wanted);
}

const Messages* find_in_house(const std::vector<std::string>& readers, const House& house,
                              const Catalogue& catalogue) {
  for (const std::string& reader : readers) {
    const std::pair<const std::string, std::string>* best = nullptr;
    for (const auto& entry : house.languages) {
      const bool is_address = entry.first.find('@') != std::string::npos;
      const bool is_closer =
          best == nullptr || is_address ||
          canonical_domain(entry.first).size() > canonical_domain(best->first).size();
      if (is_closer && covers(entry.first, reader)) {
        best = &entry;
        if (is_address) break;
      }
    }
    const Messages* const found = best == nullptr ? nullptr : catalogue.find(best->second);
    if (found != nullptr) return found;
  }
  return nullptr;
}

const Messages* choose_first(const ReturnedMessage& returned,
                             const std::vector<std::string>& readers, const House& house,
                             const Catalogue& catalogue) {
  if (const Messages* const found = find_in_house(readers, house, catalogue)) return found;
  for (const std::string* const list : {&returned.accept_language, &returned.content_language}) {
    if (const Messages* const found = catalogue.find_in_list(*list)) return found;
  }
  const auto hint = language_of_subject(returned.header_charset, returned.subject);
  const Messages* const found = catalogue.find(hint);
  return found != nullptr ? found : &catalogue.messages(house.language);
}

}  // namespace

std::string_view language_of_subject(std::string_view charset, std::string_view subject) {
  const std::string name = ascii_lower(charset);
  const auto* const known = std::find_if(kCharsets.begin(), kCharsets.end(),
                                         [&](const auto& entry) { return entry.charset == name; });
  if (known != kCharsets.end()) return known->language;
  constexpr std::size_t kEnough = 1000;  // bytes
  const auto length = static_cast<int32_t>(std::min(subject.size(), kEnough));
  LetterCount count;
  for (int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(subject.data(), i, length, c);
    if (c >= 0) count.add(c);
  }
  return language_of_letters(count);
}

LanguageChoice choose_language(const Report& report, const std::vector<std::string>& readers,
                               const House& house, const Catalogue& catalogue) {
  const bool known = !readers.empty() || report.original_sender.empty();
  LanguageChoice choice;
  choice.first = choose_first(
      report.returned, known ? readers : std::vector{report.original_sender}, house, catalogue);
  choice.second = catalogue.find(house.second_language);
  if (choice.second == choice.first) choice.second = nullptr;
  return choice;
}

}  // namespace plainbounce

#include "lib/notice/language_list.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

struct Wish {
  std::string tag;
  double weight = 1;
};

// "q=0.8"; what is no weight is 0.
double read_weight(std::string_view text) {
  if (text.empty()) return 1;
  if (!text.starts_with("q=") && !text.starts_with("Q=")) return 0;
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), weight);
  return error == std::errc() && end == text.data() + text.size() ? weight : 0;
}

// ISO 639 has codes for many, unknown and no languages, and some for private use.
bool names_a_language(std::string_view tag) {
  constexpr std::array<std::string_view, 4> kNone = {"und", "mul", "zxx", "mis"};
  const std::string bare = bare_language(tag);
  const bool is_private = bare.size() == 3 && bare >= "qaa" && bare <= "qtz";
  return (bare.size() == 2 || bare.size() == 3) && !is_private &&
         !equals_ignoring_case(tag, "i-default") &&
         std::find(kNone.begin(), kNone.end(), bare) == kNone.end();
}

}  // namespace

icu::Locale locale_of(std::string_view tag) {
  std::string name(tag);
  std::replace(name.begin(), name.end(), '_', '-');
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale locale = icu::Locale::forLanguageTag(name, status);
  icu::Locale canonical = icu::Locale::createCanonical(locale.getName());
  if (U_FAILURE(status)) canonical.setToBogus();
  return canonical;
}

std::string bare_language(std::string_view tag) {
  const icu::Locale locale = locale_of(tag);
  return locale.isBogus() != 0 ? "" : locale.getLanguage();
}

std::vector<std::string> languages_in_list(std::string_view list) {
  constexpr std::size_t kMaxList = 500;
  if (list.size() > kMaxList) return {};
  std::vector<Wish> wishes;
  for (const std::string_view item : split(list, ',')) {
    const std::size_t end = std::min(item.find(';'), item.size());
    const std::string_view tag = trim(item.substr(0, end));
    const double weight = read_weight(trim(item.substr(std::min(end + 1, item.size()))));
    if (weight > 0 && names_a_language(tag)) wishes.push_back({std::string(tag), weight});
  }
  std::stable_sort(wishes.begin(), wishes.end(),
                   [](const Wish& a, const Wish& b) { return a.weight > b.weight; });
  std::vector<std::string> tags;
  tags.reserve(wishes.size());
  for (Wish& wish : wishes) tags.push_back(std::move(wish.tag));
  return tags;
}

}  // namespace plainbounce

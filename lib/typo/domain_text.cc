#include "lib/typo/domain_text.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

// What countries sell names under, before their own label.
constexpr std::array<std::string_view, 9> kSecondLevels = {"ac",  "co", "com", "edu", "gov",
                                                           "gob", "ne", "net", "org"};

}  // namespace

std::size_t count_dots(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '.'));
}

std::string clean_form(std::string_view domain) {
  std::string clean;
  for (const char c : domain) {
    const char plain = c == ',' || c == ';' ? '.' : c;
    if (plain != '.' || (!clean.empty() && clean.back() != '.')) clean.push_back(plain);
  }
  const auto is_inner = [](char c) { return is_small_letter(c) || is_digit(c) || (c & 0x80) != 0; };
  while (!clean.empty() && !is_inner(clean.back())) clean.pop_back();
  const auto start = std::find_if(clean.begin(), clean.end(), is_inner);
  clean.erase(clean.begin(), start);
  for (const std::string_view prefix : {"wwww.", "www.", "ww."}) {
    if (clean.starts_with(prefix) && count_dots(clean) > 1) {
      clean.erase(0, prefix.size());
      break;
    }
  }
  return clean;
}

std::string without_dots(std::string_view text) {
  std::string bare(text);
  bare.erase(std::remove(bare.begin(), bare.end(), '.'), bare.end());
  return bare;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_digit);
  return digits;
}

std::string_view last_label(std::string_view domain) {
  return domain.substr(domain.rfind('.') + 1);  // npos + 1 is 0
}

bool may_be_whole_suffix(std::string_view suffix) {
  if (is_public_suffix(suffix)) return true;
  const std::string_view country = last_label(suffix);
  if (country.size() != 2 || country.size() == suffix.size()) return false;
  const std::string_view second = suffix.substr(0, suffix.size() - country.size() - 1);
  return std::find(kSecondLevels.begin(), kSecondLevels.end(), second) != kSecondLevels.end();
}

std::optional<SplitDomain> split_at(std::string_view domain, std::size_t labels) {
  std::size_t cut = domain.size();
  for (; labels > 0; --labels) {
    if (cut == 0) return std::nullopt;
    cut = domain.rfind('.', cut - 1);
    if (cut == std::string_view::npos || cut == 0) return std::nullopt;
  }
  return SplitDomain{domain.substr(0, cut), domain.substr(cut + 1)};
}

}  // namespace plainbounce

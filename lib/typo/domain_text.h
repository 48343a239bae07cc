// A domain as text -> its labels, its digits, and the form that it was meant to have.
#ifndef PLAINBOUNCE_LIB_TYPO_DOMAIN_TEXT_H_
#define PLAINBOUNCE_LIB_TYPO_DOMAIN_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/typo/public_suffix.h"

namespace plainbounce {

std::size_t count_dots(std::string_view text);

// Commas made dots, double dots one, what can't begin or end a domain off the ends, and "www.".
std::string clean_form(std::string_view domain);

std::string without_dots(std::string_view text);
std::string digits_of(std::string_view text);

// "uk" of "example.co.uk"; the whole where there is no dot.
std::string_view last_label(std::string_view domain);

// Is it what names are sold under, or what somebody takes for that: "com.uk", as other countries
// have it? No list can tell the latter.
bool may_be_whole_suffix(std::string_view suffix);

// Splits before the last `labels` labels. Nothing: there aren't so many with a name before them.
std::optional<SplitDomain> split_at(std::string_view domain, std::size_t labels);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_TYPO_DOMAIN_TEXT_H_

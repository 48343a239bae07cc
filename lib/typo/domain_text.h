// A domain as text -> its labels, its digits, and the form that it was meant to have.
#ifndef PLAINBOUNCE_LIB_TYPO_DOMAIN_TEXT_H_
#define PLAINBOUNCE_LIB_TYPO_DOMAIN_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/typo/mail_domains.h"

namespace plainbounce {

std::size_t count_dots(std::string_view text);

// Commas made dots, double dots one, what can't begin or end a domain off the ends, and "www.".
std::string clean_form(std::string_view domain);

std::string without_dots(std::string_view text);
std::string digits_of(std::string_view text);

// "uk" of "example.co.uk"; the whole where there is no dot.
std::string_view last_label(std::string_view domain);

// Is it what names are sold under, not somebody's domain? "com", "co.uk"; not "example.uk".
bool is_whole_suffix(std::string_view suffix);

// Splits before the last `labels` labels. Nothing: there aren't so many with a name before them.
std::optional<SplitDomain> split_at(std::string_view domain, std::size_t labels);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_TYPO_DOMAIN_TEXT_H_

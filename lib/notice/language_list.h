// The value of Accept-Language or Content-Language -> the languages that it names.
#ifndef PLAINBOUNCE_LIB_NOTICE_LANGUAGE_LIST_H_
#define PLAINBOUNCE_LIB_NOTICE_LANGUAGE_LIST_H_

#include <unicode/locid.h>

#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// As BCP 47, the most wanted first (RFC 3282 section 3, RFC 9110 section 12.4.2). What isn't a tag,
// has no sound weight or weight 0, and what stands for no language ("*", "und", "qaa") is left out.
// Total; a list of more than 500 bytes names none.
std::vector<std::string> languages_in_list(std::string_view list);

// What the tag names, by the names that CLDR prefers ("he" for "iw", "zh" for "cmn"); bogus: it is
// no tag. "_" is taken for "-".
icu::Locale locale_of(std::string_view tag);

// Its language without script and country: "pt" of "pt-BR". Empty: it is no tag.
std::string bare_language(std::string_view tag);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LANGUAGE_LIST_H_

// The value of Accept-Language or Content-Language -> the languages that it names.
#ifndef PLAINBOUNCE_LIB_NOTICE_LANGUAGE_LIST_H_
#define PLAINBOUNCE_LIB_NOTICE_LANGUAGE_LIST_H_

#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// As BCP 47, the most wanted first (RFC 3282 section 3, RFC 9110 section 12.4.2). What isn't a tag,
// has no sound weight or weight 0, and what stands for no language ("*", "und", "qaa") is left out.
// Total; a list of more than 500 bytes names none.
std::vector<std::string> languages_in_list(std::string_view list);

// The first subtag, by the name that CLDR prefers: "pt" of "pt-BR", "he" of "iw". Empty: no tag.
std::string bare_language(std::string_view tag);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LANGUAGE_LIST_H_

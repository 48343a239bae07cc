// Whom a notice is for, and the message that was sent -> the languages that the notice speaks.
#ifndef PLAINBOUNCE_LIB_NOTICE_LANGUAGE_H_
#define PLAINBOUNCE_LIB_NOTICE_LANGUAGE_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/notice/catalogue.h"
#include "lib/notice/notice.h"
#include "lib/report/report.h"

namespace plainbounce {

struct LanguageChoice {
  const Messages* first = nullptr;   // never null
  const Messages* second = nullptr;  // below the first; null: none, or the same as the first
};

// By the surest hint that there is: the conf file's map of addresses and domains; Accept-Language
// or Content-Language of the message that was sent (RFC 3282); the charset or script of its
// subject; the conf file's default. `readers`: the addresses that the notice goes to; empty: the
// sender that the report names. Total: a language that nothing is written in leads on to the next
// hint.
LanguageChoice choose_language(const Report& report, const std::vector<std::string>& readers,
                               const House& house, const Catalogue& catalogue);

// The language that a subject's charset or letters speak for, as BCP 47; empty: none does, as with
// Latin letters. "iso-2022-jp" -> "ja". Cyrillic letters tell it only where no other language has
// them.
std::string_view language_of_subject(std::string_view charset, std::string_view subject);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LANGUAGE_H_

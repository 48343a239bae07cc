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

// By the surest hint that there is: the conf file's map of addresses and domains; Accept-Language,
// then Content-Language of the message that was sent (RFC 3282); its subject
// (subject_language.h); the conf file's default. The subject comes before a Content-Language that
// is English, and isn't heard where a field names a language that nothing is written in. `readers`:
// the addresses that the notice goes to; empty: the sender that the report names. Total.
LanguageChoice choose_language(const Report& report, const std::vector<std::string>& readers,
                               const House& house, const Catalogue& catalogue);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LANGUAGE_H_

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

// By what a language was chosen, the surest first.
enum class LanguageSource {
  kHouse,    // the conf file's map of addresses and domains
  kHeader,   // Accept-Language or Content-Language of the message that was sent (RFC 3282)
  kScript,   // the charset or the script of its subject: a weak hint
  kDefault,  // the conf file's default
};

struct LanguageChoice {
  const Messages* first = nullptr;   // never null
  const Messages* second = nullptr;  // below the first; null: none, or the same as the first
  LanguageSource source = LanguageSource::kDefault;
};

// `readers`: the addresses that the notice goes to; empty: the sender that the report names. Total:
// a language that nothing is written in leads on to the next hint.
LanguageChoice choose_language(const Report& report, const std::vector<std::string>& readers,
                               const House& house, const Catalogue& catalogue);

// The language that a subject's charset or letters speak for, as BCP 47; empty: none does, as with
// Latin letters. "iso-2022-jp" -> "ja". Cyrillic letters tell it only where no other language has
// them.
std::string_view language_of_subject(std::string_view charset, std::string_view subject);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LANGUAGE_H_

// The explanation that a person gets, and the house style it is written in.
#ifndef PLAINBOUNCE_LIB_NOTICE_NOTICE_H_
#define PLAINBOUNCE_LIB_NOTICE_NOTICE_H_

#include <map>
#include <string>

namespace plainbounce {

// What the house adds of its own. All UTF-8; empty: left out.
struct House {
  std::string organisation;  // "Example University"
  std::string help_name;     // "IT help desk"
  std::string help_email;
  std::string help_phone;
  std::string help_url;                      // may hold {cause} and {language} (links.h)
  std::string logo;                          // a few letters in front of the organisation: "EU"
  std::string accent;                        // "#rrggbb", where notices are light (colour.h)
  std::string accent_dark;                   // the same where they are dark
  std::string signature;                     // ends the reader's part; may have line ends
  std::map<std::string, std::string> extra;  // cause id -> a sentence to add to the steps
  std::string language = "en";               // BCP 47; the default language of notices

  // Languages (BCP 47) of readers, by address ("anna@example.com") or by domain, which stands for
  // those below it too.
  std::map<std::string, std::string> languages;
  std::string second_language;  // BCP 47; every notice is given in it too, below; empty: none

  // "example.org": the reader is none of the house, and is told what "the mail service of
  // example.org" has met. Empty: the reader is one of the house.
  std::string speaks_as;

  bool operator==(const House&) const = default;
};

// What such a reader gets of the house: its domain, the languages, and nothing else.
House to_outsiders(const House& house, const std::string& domain);

// The house with somebody to turn to: where it names no help desk, the postmaster of its domain
// (RFC 5321 section 4.5.1). An empty domain has none.
House with_contact(House house, const std::string& domain);

// One notice in one language. UTF-8, lines end LF.
struct Notice {
  std::string language;  // BCP 47: "en"
  bool right_to_left = false;
  std::string subject;   // not encoded, one line
  std::string reply_to;  // an address for Reply-To; empty: no such field
  std::string text;      // text/plain; wrapped to 72 columns
  std::string html;      // a whole HTML document
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_NOTICE_H_

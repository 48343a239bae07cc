// The end of a domain -> whether names are registered under it: the Public Suffix List
// (https://publicsuffix.org), as it is built into libpsl. No file is read and no server asked.
//
// Only its part for registries counts (PSL_TYPE_ICANN): below "github.io" or "com.de", in the part
// of private owners, a name is somebody's guest, and no place where mail services sell mailboxes.
#ifndef PLAINBOUNCE_LIB_TYPO_PUBLIC_SUFFIX_H_
#define PLAINBOUNCE_LIB_TYPO_PUBLIC_SUFFIX_H_

#include <string>
#include <string_view>

namespace plainbounce {

// "mail.example.co.uk" -> "mail.example" under "co.uk". A domain without a dot is all name; one
// under an unknown top-level domain stands under that: "example.con" is "example" under "con".
struct SplitDomain {
  std::string_view name;
  std::string_view suffix;
};
SplitDomain split_domain(std::string_view domain);

// The domain that somebody has registered: "mx.lists.example.co.uk" -> "example.co.uk", in lower
// case. Empty: `host` is an address, or below no such domain.
std::string registered_domain(std::string_view host);

// Is it what names are sold under, not somebody's domain? "com", "co.uk"; not "example.uk". A label
// that is no top-level domain counts, as if it were one.
bool is_public_suffix(std::string_view suffix);

// Is there such a top-level domain, in ASCII and lower case? "com"; not "con".
bool is_top_level_domain(std::string_view label);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_TYPO_PUBLIC_SUFFIX_H_

// What may stand as a link in a notice: the conf file and the notice ask the same.
#ifndef PLAINBOUNCE_LIB_NOTICE_LINKS_H_
#define PLAINBOUNCE_LIB_NOTICE_LINKS_H_

#include <string>
#include <string_view>

namespace plainbounce {

// An http or https address of at most 500 bytes, in ASCII without blanks, quotes, brackets and
// others that RFC 3986 doesn't allow. Empty is none.
bool may_be_link(std::string_view url);

// An address of letters, digits and ". - _ +" around one @, which needs no quoting in a mailto:
// link. At most 254 bytes (RFC 5321 section 4.5.3.1.3). Empty is none.
bool may_be_mailto(std::string_view address);

// May this become a link once "{cause}" and "{language}" in it are filled in? They may stand behind
// the host only: in path, query or fragment.
bool may_be_link_pattern(std::string_view pattern);

// "https://help.example.org/{language}/{cause}" -> "https://help.example.org/de/mailbox-full". What
// is put in is percent-encoded (RFC 3986 section 2.1). Empty: the pattern is none.
std::string fill_link(std::string_view pattern, std::string_view cause, std::string_view language);

// A telephone number as it is written -> the address of a tel: link (RFC 3966), without "tel:":
// "+49 (0)30 123-45" -> "+493012345". Empty: it isn't one number and nothing else.
std::string phone_link(std::string_view phone);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LINKS_H_

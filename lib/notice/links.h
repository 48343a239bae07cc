// What may stand as a link in a notice: the conf file and the notice ask the same.
#ifndef PLAINBOUNCE_LIB_NOTICE_LINKS_H_
#define PLAINBOUNCE_LIB_NOTICE_LINKS_H_

#include <string_view>

namespace plainbounce {

// An http or https address of at most 500 bytes, in ASCII without blanks, quotes, brackets and
// others that RFC 3986 doesn't allow. Empty is none.
bool may_be_link(std::string_view url);

// An address of letters, digits and ". - _ +" around one @, which needs no quoting in a mailto:
// link. At most 254 bytes (RFC 5321 section 4.5.3.1.3). Empty is none.
bool may_be_mailto(std::string_view address);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_LINKS_H_

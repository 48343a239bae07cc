// A "type; value" field of a delivery-status part -> its type and its value (RFC 3464
// section 2.1.2).
#ifndef PLAINBOUNCE_LIB_REPORT_STATUS_FIELD_H_
#define PLAINBOUNCE_LIB_REPORT_STATUS_FIELD_H_

#include <string>
#include <string_view>

#include "lib/reply/enhanced_status.h"
#include "lib/report/report.h"

namespace plainbounce {

struct TypedValue {
  std::string type;   // lower case; empty: absent
  std::string value;  // white space collapsed, valid UTF-8
};

// `field` is the raw, folded value. A prefix counts as a type only where it looks like one.
TypedValue split_type(std::string_view field);

// "rfc822; anna@example.com" -> "anna@example.com". Angle brackets and comments fall away; utf-8
// addresses (RFC 6533 section 3) and xtext (RFC 3461 section 4) are decoded.
std::string decode_recipient(std::string_view field);

// "dns; mx.example.com. (192.0.2.1, ...)" -> the name, or the address alone where there is no name.
struct MtaName {
  std::string name;     // without type, comment, brackets and final dot
  std::string address;  // an IP address in brackets or at the start of a comment; empty: none
};
MtaName decode_mta(std::string_view field);

// Text without the comments in it, "(...)", nested ones too (RFC 822 section 3.4.3).
std::string without_comments(std::string_view text);

// Undoes a quoted local part whose quotes aren't needed: "\"j\\\xc3\\\xb6rg\"@..." -> "jörg@...".
std::string unquote_local_part(std::string_view address);

Action parse_action(std::string_view text);

// The first code in the value: "5.1.1 (bad mailbox)", "5.1.1;".
std::optional<EnhancedStatus> find_enhanced_status(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_STATUS_FIELD_H_

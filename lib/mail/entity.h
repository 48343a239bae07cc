// A message's or part's bytes -> header, media type, content, and the parts within (RFC 2046).
//
// Only the structure is read here, in one linear pass per level, with the number of parts and the
// depth bounded: GMime alone would build an object for each of the millions of parts that a hostile
// message can hold.
#ifndef PLAINBOUNCE_LIB_MAIL_ENTITY_H_
#define PLAINBOUNCE_LIB_MAIL_ENTITY_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/mail/field_value.h"
#include "lib/mail/header.h"

namespace plainbounce {

// Views point into the bytes that were read.
struct Entity {
  std::string_view bytes;    // header and content
  std::string_view content;  // after the header's empty line; still encoded
  Header header;
  MediaType type;  // text/plain where the header names none
};

Entity read_entity(std::string_view bytes);

// Is its content base64 or quoted-printable?
bool is_transfer_encoded(const Entity& entity);

// The parts between the delimiter lines of a multipart's content.
struct PartList {
  std::vector<std::string_view> parts;  // at most kMaxParts; empty: no delimiter line
  bool closed = false;                  // the last one that is listed ends at a delimiter line
  bool too_many = false;                // there are more than kMaxParts
};

inline constexpr std::size_t kMaxParts = 100;
inline constexpr std::size_t kMaxBoundary = 200;  // bytes; RFC 2046 section 5.1.1 allows 70

// Looks for lines of "--", the boundary, blanks and a line end (LF or CRLF); a part ends before the
// line end in front of its delimiter (RFC 2046 section 5.1.1).
PartList split_multipart(std::string_view content, std::string_view boundary);

// The part's text: transfer encoding and charset undone, valid UTF-8, lines end LF. Beyond `limit`
// bytes of content it is cut.
std::string decode_content(const Entity& entity, std::size_t limit);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_ENTITY_H_

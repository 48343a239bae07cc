// A header block's bytes -> its fields (RFC 5322 section 2.2).
#ifndef PLAINBOUNCE_LIB_MAIL_HEADER_H_
#define PLAINBOUNCE_LIB_MAIL_HEADER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "lib/base/ascii.h"  // take_line()

namespace plainbounce {

// Both views point into the bytes that were read.
struct HeaderField {
  std::string_view name;
  std::string_view value;  // still folded, with any white space at its ends, raw bytes
};

// The fields of a message, of a part, or of one block of a delivery-status part, in order.
struct Header {
  std::vector<HeaderField> fields;  // at most kMaxHeaderFields
  std::size_t length = 0;           // bytes, with the empty line that ends it
  bool broken = false;              // has a line that is no field; see read_header()
  bool too_long = false;            // fields beyond kMaxHeaderFields were left out

  // The first field of that name, ASCII case ignored; null: none.
  const HeaderField* find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::size_t count(std::string_view name) const;
  // Its value as written; empty: none.
  std::string_view value(std::string_view name) const;
};

inline constexpr std::size_t kMaxHeaderFields = 4096;

// Reads from the start of `bytes` to the first empty line, LF or CRLF. A line that is no field ends
// the header, and counts as content. Two kinds don't: mbox's "From " and ">From " are skipped; a
// parameter that lost its indentation belongs to the field before it.
Header read_header(std::string_view bytes);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_HEADER_H_

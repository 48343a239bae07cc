// A reply's text -> where the codes stand, who said it, in answer to what.
//
// All of it is plain scanning for the marks that mail servers put around a reply that they quote
// ("said: ", "(in reply to", ">>>"); what the reply's own words mean isn't judged here.
#ifndef PLAINBOUNCE_LIB_REPLY_REPLY_SCAN_H_
#define PLAINBOUNCE_LIB_REPLY_REPLY_SCAN_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/reply/reply.h"

namespace plainbounce {

struct CodePlace {
  std::size_t offset = 0;
  int code = 0;
};

// The innermost reply's code. `text` has its white space collapsed, as for all of these. Nothing:
// no number in it stands where a reply code would.
std::optional<CodePlace> find_reply_code(std::string_view text);

// The enhanced code that belongs to the reply code at `place`; without a place, one that stands
// where a code would.
std::optional<EnhancedStatus> find_reply_status(std::string_view text,
                                                const std::optional<CodePlace>& place);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_REPLY_SCAN_H_

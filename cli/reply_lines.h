// Lines that somebody pasted, or a log's -> the replies in them.
#ifndef PLAINBOUNCE_CLI_REPLY_LINES_H_
#define PLAINBOUNCE_CLI_REPLY_LINES_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/knowledge/rules.h"

namespace plainbounce {

// Of a log (it has a line with kUnmatchedMark, lib/workshop/unmatched.h) only the replies that no
// rule knows. Otherwise a reply on each line, "TEXT" or "TEXT<TAB>HOST"; the lines "550-..." up to
// "550 ..." (RFC 5321 section 4.2.1) are one, with a blank between two. `host` gave those that name
// none.
std::vector<RuleExample> read_replies(std::string_view input, std::string_view host);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_REPLY_LINES_H_

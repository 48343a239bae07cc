// The administrator's own labelled replies, for `plainbounce learn`.
#ifndef PLAINBOUNCE_LIB_LEARN_OWN_REPLIES_H_
#define PLAINBOUNCE_LIB_LEARN_OWN_REPLIES_H_

#include <string_view>
#include <vector>

#include "lib/learn/labelled_replies.h"

namespace plainbounce {

// Lines of a cause, a tab and a reply, as a server wrote it or as the daemon's log has it
// ("... unmatched: examples = [{ text = \"550 ...\" }]"). Empty lines, and those that begin with
// "#", don't count. Throws DataError with file and line.
std::vector<LabelledReply> parse_own_replies(std::string_view file, std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_LEARN_OWN_REPLIES_H_

#include "lib/report/reply.h"

namespace plainbounce {
Reply parse_reply(std::string_view text) { return Reply{.text = std::string(text)}; }
}  // namespace plainbounce

// A reply -> how its cause is found: for whoever asks why it is this one.
#ifndef PLAINBOUNCE_LIB_EXPLAIN_TRACE_H_
#define PLAINBOUNCE_LIB_EXPLAIN_TRACE_H_

#include <string>
#include <string_view>

#include "lib/knowledge/knowledge.h"

namespace plainbounce {

// Lines that end LF, each with a word in front that says what it tells: the layers of `text` from
// the outside in, what rules hear, the codes, each rule that matches, what the codes mean, what
// rules and codes come to, what the learned model finds most probable and what weighed most, the
// verdict. `host`: the server that gave the reply; empty: unknown. Control and invisible characters
// are shown as visible() has them (display.h). plainbounce(1) explains the lines. Total.
std::string trace(std::string_view text, std::string_view host, const Knowledge& knowledge);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_EXPLAIN_TRACE_H_

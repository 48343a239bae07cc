// A server's reply -> its wording, without whatever may tell of somebody.
#ifndef PLAINBOUNCE_LIB_WORKSHOP_WORDING_SHAPE_H_
#define PLAINBOUNCE_LIB_WORKSHOP_WORDING_SHAPE_H_

#include <string>

#include "lib/reply/reply.h"

namespace plainbounce {

// The words that servers use (knowledge/known_words.h), punctuation, and the reply's own codes;
// "*" for any other words, and for the rest what rules and model take for the same kind: "0",
// "x0000" (an ID), "x.invalid", "0.0.0.0", "x@x.invalid", "https://x.invalid/". UTF-8 without
// controls. Total.
std::string wording_shape(const Reply& reply);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_WORKSHOP_WORDING_SHAPE_H_

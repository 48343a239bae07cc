// Message bytes + Report -> where text can be put above the message's own.
#ifndef PLAINBOUNCE_LIB_SPLICE_TEXT_PLACE_H_
#define PLAINBOUNCE_LIB_SPLICE_TEXT_PLACE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/report/report.h"

namespace plainbounce {

enum class TransferEncoding { k7Bit, k8Bit, kQuotedPrintable, kBase64 };

struct TextPlace {
  Doubt doubt = Doubt::kNone;  // why there is no such place; the rest is empty then
  std::size_t offset = 0;      // of the content's first byte in the message
  TransferEncoding encoding = TransferEncoding::k7Bit;
  std::string charset;                  // lower case; "us-ascii" where none is named
  std::vector<std::string> boundaries;  // of the multiparts around it, the outermost first
};

// The first text/plain part, or the whole message where it is one. A doubt: there is none, or a
// reader may see the message's structure in another way.
TextPlace find_text_place(std::string_view message, const Report& report);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_SPLICE_TEXT_PLACE_H_

// Any bytes -> parse_reply(), and what rules hear of it: never crashes, and keeps what the headers
// promise.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lib/base/text.h"
#include "lib/reply/heard_text.h"
#include "lib/reply/reply.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const plainbounce::Reply reply =
      plainbounce::parse_reply({reinterpret_cast<const char*>(data), size});
  const bool sound = reply.text.size() <= plainbounce::kMaxReplyText &&
                     plainbounce::valid_utf8(reply.text) == reply.text &&
                     plainbounce::valid_utf8(reply.host) == reply.host &&
                     plainbounce::collapse_space(reply.text) == reply.text &&
                     (reply.code == 0 || (reply.code >= 100 && reply.code <= 999));
  const plainbounce::HeardText heard(reply);
  const std::size_t length = heard.text().size();
  const bool leads_back = heard.said_at(0, length) == heard.said() &&
                          heard.said_at(length, 0).empty() &&
                          heard.said().size() <= reply.text.size();
  if (!sound || !leads_back) std::abort();
  return 0;
}

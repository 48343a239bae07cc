// Any bytes -> parse_reply(): never crashes, and keeps what its header promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lib/base/text.h"
#include "lib/reply/reply.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const plainbounce::Reply reply =
      plainbounce::parse_reply({reinterpret_cast<const char*>(data), size});
  const bool sound = reply.text.size() <= plainbounce::kMaxReplyText &&
                     plainbounce::valid_utf8(reply.text) == reply.text &&
                     plainbounce::valid_utf8(reply.host) == reply.host &&
                     plainbounce::collapse_space(reply.text) == reply.text &&
                     (reply.code == 0 || (reply.code >= 100 && reply.code <= 999));
  if (!sound) std::abort();
  return 0;
}

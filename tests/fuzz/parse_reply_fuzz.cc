// Any bytes -> parse_reply(), and what rules hear of it: never crashes, and keeps what the headers
// promise.
#include "lib/base/text.h"
#include "lib/reply/heard_text.h"
#include "lib/reply/reply.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const CostBound bound(size);
  const Reply reply = parse_reply(text_of(data, size));
  require(reply.text.size() <= kMaxReplyText);
  require(valid_utf8(reply.text) == reply.text && valid_utf8(reply.host) == reply.host);
  require(collapse_space(reply.text) == reply.text);
  require(reply.code == 0 || (reply.code >= 100 && reply.code <= 999));
  const HeardText heard(reply);
  const std::size_t length = heard.text().size();
  require(heard.said_at(0, length) == heard.said() && heard.said_at(length, 0).empty());
  require(heard.said().size() <= reply.text.size());
  return 0;
}

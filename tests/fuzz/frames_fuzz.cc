// Any bytes as what a worker answers, or is asked: never crashes, and what is read keeps its
// promises.
#include "milter/frames.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

// One line of a log, or a word of it.
void require_printable(std::string_view text, bool blanks) {
  for (const char c : text) require((c > ' ' && c < 0x7f) || (blanks && c == ' '));
}

void check(const Answer& answer) {
  const WorkResult& result = answer.result;
  require(result.edit.has_value() == (!result.failure && result.reason == LeaveReason::kNone));
  for (const auto& host : result.findings.hosts) require_printable(host, false);
  for (const auto& evidence : result.findings.evidence) require_printable(evidence, false);
  for (const auto& reply : result.findings.unmatched) require_printable(reply.line, true);
  for (const auto& cause : result.findings.causes) require(parse_id<Cause>(cause).has_value());
  require(encode_answer(result, answer.last).size() >= kFrameHead);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const CostBound bound(size);
  const std::string_view bytes = text_of(data, size);
  if (const auto answer = decode_answer(bytes)) {
    check(*answer);
    require(std::string_view(encode_answer(answer->result, answer->last)).substr(kFrameHead) ==
            bytes);
  }
  if (const auto request = decode_request(bytes)) require(request->message.size() <= size);
  return 0;
}

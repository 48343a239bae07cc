// Any bytes as the words of a bounce that is no RFC 3464 report: what is put above them leaves
// every byte as it is. Where they begin with "Content-" they also say what kind of body they are.
#include "lib/base/text.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

constexpr std::string_view kHeader =
    "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@example.com>\n"
    "To: alice@example.org\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n";

void check_report(const Report& report) {
  require(report.kind != MessageKind::kNotABounce || report.recipients.empty());
  for (const auto& recipient : report.recipients) {
    require(valid_utf8(recipient.final_recipient) == recipient.final_recipient);
    require(valid_utf8(recipient.diagnostic) == recipient.diagnostic);
    for (const Reply& reply : recipient.replies) require(!reply.text.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view words = text_of(data, size);
  std::string message(kHeader);
  if (!words.starts_with("Content-")) message += "Content-Type: text/plain; charset=utf-8\n\n";
  message += words;
  Policy policy = Policy::defaults();
  policy.other_bounces = OtherBounces::kExplain;
  Rewrite result;
  {
    const CostBound bound(size);
    result = rewrite(message, {}, policy, {}, resources());
  }
  check_report(result.report);
  if (!result.edit) return 0;
  const std::string after = apply_edit(message, *result.edit);
  check_bytes(message, after, *result.edit);
  if (!result.report.is_delivery_report) check_insertion(after, *result.edit, policy, {});
  return 0;
}

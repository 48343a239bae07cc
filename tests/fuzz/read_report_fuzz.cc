// Any bytes -> read_report(): never crashes, and keeps what its header promises.
#include "lib/base/text.h"
#include "lib/knowledge/knowledge.h"
#include "lib/report/read.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

void require_utf8(const std::string& text) { require(valid_utf8(text) == text); }

// The part lies within the message, between line ends and dashes.
void check_range(std::string_view message, const Report& report) {
  const auto [offset, length] = report.notification.range;
  if (length == 0) return;
  require(offset <= message.size() && length <= message.size() - offset);
  require(offset > 0 && message[offset - 1] == '\n');
  std::string_view after = message.substr(offset + length);
  if (after.starts_with('\r')) after.remove_prefix(1);
  require(after.starts_with("\n--" + report.boundary));
}

void check_texts(const Report& report) {
  for (const std::string& text :
       {report.subject, report.from.name, report.from.address, report.boundary,
        report.reporting_mta, report.queue_id, report.original_sender, report.notification.text,
        report.returned.subject, report.returned.message_id}) {
    require_utf8(text);
  }
  for (const auto& recipient : report.recipients) {
    for (const std::string& text : {recipient.final_recipient, recipient.original_recipient,
                                    recipient.diagnostic, recipient.passage}) {
      require_utf8(text);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const StockPhrases kPhrases = Knowledge::load().stock_phrases();
  const CostBound bound(size);
  const std::string_view message = text_of(data, size);
  const Report report = read_report(message, kPhrases);
  check_range(message, report);
  check_texts(report);
  require(!report.is_delivery_report || report.kind == MessageKind::kReport);
  return 0;
}

// A message without a delivery-status part -> does it tell of a failed delivery?
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_MESSAGE_KIND_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_MESSAGE_KIND_H_

#include <cstddef>

#include "lib/knowledge/stock_phrases.h"
#include "lib/mail/entity.h"
#include "lib/report/report.h"

namespace plainbounce {

// What kind of message it is stands within so many bytes of its text.
inline constexpr std::size_t kMaxKindWords = 4096;

// kOtherBounce or kNotABounce. `report` holds the top-level header, the first part's text and the
// returned message. A mail system must have sent it, and it must look like news of a delivery:
// receipts for reading (RFC 8098), feedback reports (RFC 5965) and automatic answers (RFC 3834) are
// no bounces.
MessageKind judge_kind(const Entity& root, const Report& report, const StockPhrases& phrases);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_MESSAGE_KIND_H_

// A delivery-status part's decoded text -> per-message and per-recipient fields (RFC 3464 section
// 2, RFC 6533 section 4).
#ifndef PLAINBOUNCE_LIB_REPORT_DELIVERY_STATUS_H_
#define PLAINBOUNCE_LIB_REPORT_DELIVERY_STATUS_H_

#include <cstddef>
#include <stop_token>
#include <string_view>

#include "lib/report/report.h"

namespace plainbounce {

// A report on more recipients is cut (Report::cut) and read no further.
inline constexpr std::size_t kMaxRecipients = 10000;

// Adds what `text` says to the report: the per-message fields and the recipients. Raw bytes are
// fine (Sendmail puts 8-bit replies in unlabelled). Blocks may lack the empty line between them.
// False: it holds no field.
bool read_delivery_status(std::string_view text, Report& report, const std::stop_token& stop = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_DELIVERY_STATUS_H_

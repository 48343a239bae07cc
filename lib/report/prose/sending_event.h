// A sending service's event in JSON -> the recipients that it is about.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_SENDING_EVENT_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_SENDING_EVENT_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "lib/report/report.h"

namespace plainbounce {

// Bytes of the event that are read.
inline constexpr std::size_t kMaxEvent = std::size_t{256} << 10;

// Amazon SES mails its events as JSON, alone or in an SNS envelope: bounces, delays, deliveries.
// `text` is the message's whole text. Empty: it is no such event, or one about something else.
std::vector<RecipientReport> read_sending_event(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_SENDING_EVENT_H_

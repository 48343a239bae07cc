// What a report says of one recipient -> the replies to judge by.
#ifndef PLAINBOUNCE_LIB_REPORT_RECIPIENT_REPLIES_H_
#define PLAINBOUNCE_LIB_REPORT_RECIPIENT_REPLIES_H_

#include <vector>

#include "lib/report/report.h"

namespace plainbounce {

// For RecipientReport::replies: those in `diagnostic` and `passage`.
std::vector<Reply> read_replies(const RecipientReport& recipient);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_RECIPIENT_REPLIES_H_

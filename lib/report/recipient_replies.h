// What a report says of one recipient -> the replies to judge by.
#ifndef PLAINBOUNCE_LIB_REPORT_RECIPIENT_REPLIES_H_
#define PLAINBOUNCE_LIB_REPORT_RECIPIENT_REPLIES_H_

#include <cstddef>
#include <vector>

#include "lib/report/report.h"

namespace plainbounce {

// Bytes that are read whole for all recipients of a report together, and how many of each text once
// these are used up. Each byte is matched against all rules; no mail server writes so much.
inline constexpr std::size_t kMaxReplies = std::size_t{1} << 20;
inline constexpr std::size_t kMaxLaterReply = 1024;

// For RecipientReport::replies: those in `diagnostic` and `passage`. `left`: of kMaxReplies; what
// is read is taken off.
std::vector<Reply> read_replies(const RecipientReport& recipient, std::size_t& left);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_RECIPIENT_REPLIES_H_

// The report -> the part of a notice about the message that was sent.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_MESSAGE_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_MESSAGE_H_

#include <vector>

#include "lib/notice/content.h"
#include "lib/notice/groups.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// Was the message also for others, of whom the report knows nothing bad? Not where none of those
// that it is about stands in To or Cc: then it may be about the others by another name.
bool is_also_for_others(const Sources& sources);

// Fills its part of `content`.
void compose_message(const std::vector<RecipientGroup>& groups, const Sources& sources,
                     NoticeContent& content);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_MESSAGE_H_

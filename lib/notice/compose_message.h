// The report -> the part of a notice about the message that was sent.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_MESSAGE_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_MESSAGE_H_

#include <vector>

#include "lib/notice/content.h"
#include "lib/notice/groups.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// Fills its part of `content`.
void compose_message(const std::vector<RecipientGroup>& groups, const Sources& sources,
                     NoticeContent& content);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_MESSAGE_H_

// A group of recipients -> the way from the sender to them, and where it ended.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_PATH_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_PATH_H_

#include <vector>

#include "lib/notice/content.h"
#include "lib/notice/groups.h"
#include "lib/notice/message_arguments.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// The way from the sender to the recipients, and where it ended.
std::vector<PathStop> compose_path(const RecipientGroup& group, const Sources& sources,
                                   const Arguments& arguments);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_PATH_H_

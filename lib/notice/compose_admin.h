// The diagnosis -> the part of a notice for the mail administrator.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_ADMIN_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_ADMIN_H_

#include <vector>

#include "lib/notice/content.h"
#include "lib/notice/groups.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// Fills its part of `content`.
void compose_admin(const std::vector<RecipientGroup>& groups, const Sources& sources,
                   NoticeContent& content);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_ADMIN_H_

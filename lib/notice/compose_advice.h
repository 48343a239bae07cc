// Groups of recipients -> what the reader can do about them, each advice once.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_ADVICE_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_ADVICE_H_

#include <vector>

#include "lib/notice/content.h"
#include "lib/notice/groups.h"
#include "lib/notice/message_arguments.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// Of one group, without a heading.
Advice compose_advice(const RecipientGroup& group, const Arguments& arguments,
                      const Sources& sources);

// Of all groups: those that are given the same advice, but for the number of people in it, share
// it. Of several groups the successes have none.
std::vector<Advice> compose_shared_advice(const std::vector<RecipientGroup>& groups,
                                          const Sources& sources);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_ADVICE_H_

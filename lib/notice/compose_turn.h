// Whose turn it is, what they can do, and what is better left.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_

#include <string>

#include "lib/notice/groups.h"
#include "lib/notice/message_arguments.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// Did the reader's mail program write the message by itself, in answer to another? Then nobody
// waits for it.
bool is_automatic(const RecipientGroup& group, const Sources& sources);

// In front of the steps: who has to act, where that isn't the reader, or that nobody has to. Empty
// where the steps say it all.
std::string compose_turn(const RecipientGroup& group, const Arguments& arguments,
                         const Sources& sources);

// The table that holds the steps, and what is better left.
std::string advice_table(const RecipientGroup& group, const Sources& sources);

// The key of the list of steps: mostly that table's.
std::string steps_key(const RecipientGroup& group, const Sources& sources);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_

// Whose turn it is, what they can do, and what is better left.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_

#include <string>
#include <string_view>

#include "lib/notice/groups.h"
#include "lib/notice/message_arguments.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// What wrote the message, where that changes what is told: of a success it doesn't.
Writer told_writer(const RecipientGroup& group, const Sources& sources);

// "writer.automatic.failed"
std::string writer_key(Writer writer, std::string_view name);

// In front of the steps: who has to act, where that isn't the reader, or that nobody has to. Empty
// where the steps say it all.
std::string compose_turn(const RecipientGroup& group, const Arguments& arguments,
                         const Sources& sources);

// The key of the list of steps. Empty, or of no such list: there are none.
std::string steps_key(const RecipientGroup& group, const Sources& sources);

// The key of what is better left; likewise.
std::string avoid_key(const RecipientGroup& group, const Sources& sources);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_

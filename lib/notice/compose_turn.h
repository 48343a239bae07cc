// Whose turn it is, what they can do, and what is better left.
#ifndef PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_
#define PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/notice/groups.h"
#include "lib/notice/message_arguments.h"
#include "lib/notice/sources.h"
#include "lib/notice/speaker.h"

namespace plainbounce {

// What wrote the message, where that changes what is told: of a success it doesn't.
Writer told_writer(const RecipientGroup& group, const Sources& sources);

// "writer.automatic.failed"
std::string writer_key(Writer writer, std::string_view name);

// In front of the steps: who has to act, where that isn't the reader, or that nobody has to. Empty
// where the steps say it all.
std::string compose_turn(const RecipientGroup& group, const Arguments& arguments,
                         const Sources& sources);

// The table that holds the steps, and what is better left.
std::string advice_table(const RecipientGroup& group, const Sources& sources);

// The reader's move in a few words: what the first step says.
std::string compose_move(const RecipientGroup& group, const Arguments& arguments,
                         const Sources& sources);

// What they can do, the most promising first.
std::vector<Step> steps_of(const RecipientGroup& group, const Arguments& arguments,
                           const Sources& sources);

// The key of what is better left. Empty, or of no such text: nothing.
std::string avoid_key(const RecipientGroup& group, const Sources& sources);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COMPOSE_TURN_H_

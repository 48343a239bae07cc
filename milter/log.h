// Where the daemon's log lines go.
#ifndef PLAINBOUNCE_MILTER_LOG_H_
#define PLAINBOUNCE_MILTER_LOG_H_

#include "lib/config/config.h"
#include "milter/message_record.h"
#include "milter/unmatched_log.h"

namespace plainbounce {

// Sends everything that is logged with spdlog from now on to `target`: standard error, one line for
// each entry, or syslog (facility mail, name plainbounce). Call it once, before any thread starts.
void set_up_log(LogTarget target, LogLevel level);

// One line for a message: at level info, but debug where it can't be a DSN (its sender isn't null),
// and warning where it failed open. Then, at level info, one line for each reply that no rule knows
// and whose wording hasn't been told before (unmatched.h).
// `told` remembers them.
void log_record(const MessageRecord& record, UnmatchedLog& told);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_LOG_H_

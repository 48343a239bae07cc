// Config -> a milter that serves until it is told to stop.
#ifndef PLAINBOUNCE_MILTER_DAEMON_H_
#define PLAINBOUNCE_MILTER_DAEMON_H_

#include "milter/config.h"

namespace plainbounce {

// Serves in the foreground, and ends the process: with status 0 after SIGTERM or SIGINT, once the
// messages in hand are done (10 seconds at most); with 1 where it can't listen, 2 where its data
// files can't be used. The log must have been set up. Tells systemd (NOTIFY_SOCKET) when it is
// ready and when it stops.
[[noreturn]] void run_daemon(const Config& config);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_DAEMON_H_

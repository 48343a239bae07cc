// Config -> a milter that serves until it is told to stop.
#ifndef PLAINBOUNCE_MILTER_DAEMON_H_
#define PLAINBOUNCE_MILTER_DAEMON_H_

#include <functional>

#include "lib/config/config.h"

namespace plainbounce {

// Serves in the foreground, and ends the process: with status 0 after SIGTERM or SIGINT, once the
// messages in hand are done (10 seconds at most); with 1 where it can't listen, 2 where the
// configuration or a file that it names can't be used. The log must have been set up.
//
// SIGHUP: takes over what `reread` gives and reads all data files anew; messages in hand end as
// they began. If that fails, everything stays as it was and the log says why. What is used before
// the first message (sockets, log, state file) needs a restart, and the log says so.
//
// Tells systemd (NOTIFY_SOCKET) when it is ready, reloads and stops; and, once a second, that it is
// alive, unless a message has hung for far longer than the time budget.
[[noreturn]] void run_daemon(const Config& config, const std::function<Config()>& reread);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_DAEMON_H_

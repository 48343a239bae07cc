// A process without threads that loads all knowledge and forks the workers, so that they share it.
//
// The daemon (libmilter and its threads) starts it before any thread, and holds no knowledge
// itself:
//
//   plainbounce-milter            sessions, log, metrics, state file; systemd's main process
//   └ fork server                 knowledge; forks workers, sees them end, kills those that overrun
//     ├ worker                    one message at a time (worker.h)
//     └ worker ...
//
// Each goes when its parent goes (PR_SET_PDEATHSIG). A worker that ends is replaced. A fork server
// that ends can't be replaced by a process with threads: the daemon stops with status 1, and
// systemd starts it again. To reload, the fork server loads everything anew and forks new workers;
// the old ones end when the message that they are on is done. Signals are the daemon's alone, and
// so is what systemd is told.
#ifndef PLAINBOUNCE_MILTER_FORK_SERVER_H_
#define PLAINBOUNCE_MILTER_FORK_SERVER_H_

#include <sys/types.h>

#include <functional>

#include "milter/rewriter.h"
#include "milter/worker.h"

namespace plainbounce {

// What workers are made of.
struct Crew {
  Work work;
  int workers = 1;
  WorkerLimits limits;
  bool filtered = true;  // by SystemCallFilter, where that is allowed
};

// Loads it, the first time and for each reload. Throws DataError for what the administrator has to
// mend.
using LoadCrew = std::function<Crew()>;

// Forks it; `control` is the daemon's end of its channel (control.h). The first thing that it says
// is what came of loading. Throws std::system_error.
struct ForkServer {
  pid_t process = -1;
  int control = -1;
};
ForkServer start_fork_server(const LoadCrew& load);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_FORK_SERVER_H_

// libmilter's callbacks -> Session's calls.
#ifndef PLAINBOUNCE_MILTER_CALLBACKS_H_
#define PLAINBOUNCE_MILTER_CALLBACKS_H_

#include <atomic>

#include "milter/session.h"

namespace plainbounce {

// Tells libmilter what to call. `workplace` serves every connection and lives until the process
// ends: libmilter's threads may outlast smfi_main(), and a callback gets no argument of ours.
// False: libmilter refuses.
bool register_callbacks(Workplace& workplace);

// How many callbacks run at this moment.
int running_callbacks();

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_CALLBACKS_H_

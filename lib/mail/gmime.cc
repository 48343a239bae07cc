#include "lib/mail/gmime.h"

#include <mutex>

namespace plainbounce {

void start_gmime() {
  static std::once_flag started;
  // GMime's tables live as long as the process: other threads may still be reading.
  std::call_once(started, g_mime_init);
}

}  // namespace plainbounce

#include "milter/message_bytes.h"

#include <malloc.h>

namespace plainbounce {

void keep_no_freed_memory() {
  constexpr int kBound = 1 << 20;  // bytes
  mallopt(M_MMAP_THRESHOLD, kBound);
  mallopt(M_TRIM_THRESHOLD, 2 * kBound);
}

}  // namespace plainbounce

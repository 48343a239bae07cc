// The outermost multipart's first part -> where it lies, and what it says.
#ifndef PLAINBOUNCE_LIB_REPORT_FIRST_PART_H_
#define PLAINBOUNCE_LIB_REPORT_FIRST_PART_H_

#include <cstddef>

#include "lib/mail/entity.h"
#include "lib/report/report.h"

namespace plainbounce {

// A human-readable part with more bytes than this is neither read in full nor given a range.
inline constexpr std::size_t kMaxNotification = std::size_t{4} << 20;

// `root` is the whole message. A message without parts: its own text, and no range. The range is
// given only where it is certain: our own scan for delimiter lines and GMime agree on it, and no
// other reader of the message has reason to see it differently. Otherwise `doubt` says why not.
Notification read_first_part(const Entity& root, const PartList& parts);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_FIRST_PART_H_

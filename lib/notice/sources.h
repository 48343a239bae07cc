// What every part of a notice is made from, and how much of it is shown.
#ifndef PLAINBOUNCE_LIB_NOTICE_SOURCES_H_
#define PLAINBOUNCE_LIB_NOTICE_SOURCES_H_

#include <cstddef>
#include <stop_token>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/notice.h"
#include "lib/notice/speaker.h"
#include "lib/report/report.h"

namespace plainbounce {

// What the sentences are made from. The references must outlive it.
struct Sources {
  const Report& report;
  const Diagnosis& diagnosis;
  const Knowledge& knowledge;
  const House& house;
  const Speaker& speaker;
  std::stop_token stop = {};  // lib/base/stop.h

  // Is the reader none of the house?
  bool is_outside() const { return !house.speaks_as.empty(); }
};

// The longest that remote text may be, in characters.
inline constexpr std::size_t kMaxShownAddress = 64;
inline constexpr std::size_t kMaxShownName = 80;      // hosts, block lists, mechanisms
inline constexpr std::size_t kMaxShownSubject = 200;  // in the notice's body
inline constexpr std::size_t kMaxShownReply = 1000;
inline constexpr std::size_t kMaxShownAddresses = 20;  // in one group
inline constexpr std::size_t kMaxGroups = 8;           // of more only the addresses are counted
inline constexpr std::size_t kMaxAdminEntries = 20;
inline constexpr std::size_t kMaxOriginal = 64 * 1024;  // bytes of the original notice

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_SOURCES_H_

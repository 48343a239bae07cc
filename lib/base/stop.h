// Work that somebody no longer waits for -> its end, in the middle of a loop.
//
// There is no clock in lib/: whoever calls holds a std::stop_source and requests the stop when its
// time is over. Every stage looks at the token in each of its loops over what a message can hold
// much of, so that it ends soon after; what was begun is thrown away.
#ifndef PLAINBOUNCE_LIB_BASE_STOP_H_
#define PLAINBOUNCE_LIB_BASE_STOP_H_

#include <exception>
#include <stop_token>

namespace plainbounce {

// Thrown by a stage that was told to stop; rewrite() turns it into LeaveReason::kStopped.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped"; }
};

// Throws Stopped where a stop was requested. Costs a load; a token of no source never stops.
inline void end_if_stopped(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Stopped();
}

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_STOP_H_

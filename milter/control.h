// What the daemon and its fork server say to each other, a packet for each message.
#ifndef PLAINBOUNCE_MILTER_CONTROL_H_
#define PLAINBOUNCE_MILTER_CONTROL_H_

#include <cstdint>
#include <optional>
#include <string>

namespace plainbounce {

struct ControlMessage {
  enum class Kind : std::uint64_t {
    // From the daemon:
    kReload,  // load everything anew
    kKill,    // the worker `id`
    kPing,
    // From the fork server:
    kWorker,   // a new one, `id`, of the generation `number`; `descriptor` is its channel
    kEnded,    // the worker `id`, with the wait status `number`
    kLoaded,   // everything; the workers that were sent before are the new generation
    kMistake,  // nothing could be loaded: `text` says what the administrator has to mend
    kFailed,   // nothing could be loaded: `text` says why
    kPong,
  };

  Kind kind = Kind::kPing;
  std::uint64_t id = 0;
  std::uint64_t number = 0;
  std::string text{};
  int descriptor = -1;  // -1: none
};

// The two ends of a channel for such messages. Throws std::system_error.
struct ControlPair {
  ControlPair();
  int daemon = -1;
  int fork_server = -1;
};

// False: the other end is closed; or, with `wait` false, it has too much to read already.
bool send_control(int socket, const ControlMessage& message, bool wait = true);

// Waits for the next one. Nothing: the other end is closed. Who calls closes its descriptor.
std::optional<ControlMessage> receive_control(int socket);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_CONTROL_H_

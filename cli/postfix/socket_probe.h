// Where a milter should be -> what is there, found out by looking and by speaking to it.
#ifndef PLAINBOUNCE_CLI_POSTFIX_SOCKET_PROBE_H_
#define PLAINBOUNCE_CLI_POSTFIX_SOCKET_PROBE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/postfix/access.h"
#include "cli/postfix/milter_list.h"
#include "lib/base/enum_ids.h"

namespace plainbounce {

enum class SocketState {
  kAnswers,     // a milter, which negotiates
  kMissing,     // no such file, or no such host
  kNotASocket,  // a file of another kind
  kRefused,     // nobody listens
  kSilent,      // a connection, and no answer in time
  kNoMilter,    // an answer, but not a milter's
  kUnknown,     // this user may not look, or not connect
};
template <>
inline constexpr auto kIds<SocketState> = ids_to<SocketState::kUnknown>("answers", "missing",
                                                                        "not-a-socket", "refused",
                                                                        "silent", "no-milter",
                                                                        "unknown");

struct SocketReport {
  SocketState state = SocketState::kUnknown;
  std::vector<PathStep> steps;  // from "/" to a unix socket; empty: it couldn't be looked at
};

// Connects, negotiates as an MTA does at the start of a session, and ends it. Takes seconds at
// most.
SocketReport probe_socket(const MilterPlace& place);

// Nothing: no such user.
std::optional<Account> find_account(const std::string& name);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_SOCKET_PROBE_H_

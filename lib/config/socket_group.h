// The name of a group -> its number: who may connect to the daemon's socket.
#ifndef PLAINBOUNCE_LIB_CONFIG_SOCKET_GROUP_H_
#define PLAINBOUNCE_LIB_CONFIG_SOCKET_GROUP_H_

#include <grp.h>
#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>

namespace plainbounce {

// As getgrnam_r(3).
using GroupLookup = std::function<int(const char*, group*, char*, std::size_t, group**)>;

// However many members it has: a directory's groups can hold thousands. Throws ConfigError: there
// is no such group; std::system_error: it can't be looked up now.
gid_t group_id(const std::string& name, const GroupLookup& look_up = getgrnam_r);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_CONFIG_SOCKET_GROUP_H_

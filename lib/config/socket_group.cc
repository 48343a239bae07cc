#include "lib/config/socket_group.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "lib/config/config.h"

namespace plainbounce {
namespace {

constexpr std::size_t kFirstSize = 16 * 1024;
constexpr std::size_t kMaxSize = std::size_t{16} << 20;

}  // namespace

gid_t group_id(const std::string& name, const GroupLookup& look_up) {
  std::vector<char> buffer(kFirstSize);
  group entry{};
  group* found = nullptr;
  int error = look_up(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  while (error == ERANGE && buffer.size() < kMaxSize) {  // it has more members than fit
    buffer.resize(buffer.size() * 2);
    error = look_up(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  }
  if (error != 0) {
    throw std::system_error(error, std::generic_category(),
                            fmt::format("the group \"{}\" can't be looked up", name));
  }
  if (found == nullptr) {
    throw ConfigError(fmt::format("milter.socket_group: no such group: \"{}\"", name));
  }
  return found->gr_gid;
}

}  // namespace plainbounce

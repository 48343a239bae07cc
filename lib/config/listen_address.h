// "unix:PATH", "inet:PORT@HOST", "inet6:PORT@HOST" <-> where the daemon listens.
#ifndef PLAINBOUNCE_LIB_CONFIG_LISTEN_ADDRESS_H_
#define PLAINBOUNCE_LIB_CONFIG_LISTEN_ADDRESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plainbounce {

struct ListenAddress {
  enum class Family { kUnix, kInet, kInet6 };
  Family family = Family::kUnix;
  std::string place;       // unix: an absolute path; else an IP address or host name
  std::uint16_t port = 0;  // 1 to 65535; 0 for unix

  bool operator==(const ListenAddress&) const = default;
};

// Nothing: another form, a path that is relative or longer than a unix socket's may be (107 bytes),
// a port out of range. The host must be given: a filter that listens everywhere by accident would
// let anybody read how bounces are judged.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

// The form that parse_listen_address() and libmilter's smfi_setconn() take.
std::string to_string(const ListenAddress& address);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_CONFIG_LISTEN_ADDRESS_H_

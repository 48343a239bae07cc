#include "milter/socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "lib/config/socket_group.h"

namespace plainbounce {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& what, int error) {
  throw SocketError(fmt::format("{}: {}: {}", path, what, std::generic_category().message(error)));
}

// Empty: the path is too long.
std::optional<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return std::nullopt;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

std::vector<int> open_descriptors() {
  std::vector<int> all;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    all.push_back(std::atoi(entry.path().filename().c_str()));
  }
  return all;
}

// 0: a process answers. Else why none did. Only ECONNREFUSED says that nobody listens: a listener
// whose queue is full gives EAGAIN, one that we may not reach EACCES.
int connect_error(const std::string& path) {
  const auto address = unix_address(path);
  if (!address) return ENAMETOOLONG;
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return errno;
  const int result =
      connect(descriptor, reinterpret_cast<const sockaddr*>(&*address), sizeof(*address));
  const int error = result == 0 ? 0 : errno;
  close(descriptor);
  return error;
}

void check_directory(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  if (access(directory.c_str(), W_OK | X_OK) != 0) {
    fail(path, "no socket can be made in " + directory, errno);
  }
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses look_up(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_family = address.family == ListenAddress::Family::kInet6 ? AF_INET6 : AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address.port);
  const int error = getaddrinfo(address.place.c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    throw SocketError(fmt::format("{}: {}", to_string(address), gai_strerror(error)));
  }
  return {found, &freeaddrinfo};
}

void try_to_bind(const ListenAddress& address) {
  const Addresses addresses = look_up(address);
  const int descriptor = socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail(to_string(address), "no socket can be made", errno);
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const bool bound = bind(descriptor, addresses->ai_addr, addresses->ai_addrlen) == 0;
  const int error = errno;
  close(descriptor);
  if (!bound) fail(to_string(address), "can't listen there", error);
}

// Where a listener listens; AF_UNSPEC: it is none.
sockaddr_storage place_of(int descriptor) {
  int listening = 0;
  socklen_t length = sizeof(listening);
  sockaddr_storage address{};
  if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 &&
      listening != 0) {
    length = sizeof(address);
    getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  }
  return address;
}

bool listens_at(int descriptor, std::uint16_t port) {
  const sockaddr_storage address = place_of(descriptor);
  if (address.ss_family == AF_INET) {
    return reinterpret_cast<const sockaddr_in&>(address).sin_port == htons(port);
  }
  return address.ss_family == AF_INET6 &&
         reinterpret_cast<const sockaddr_in6&>(address).sin6_port == htons(port);
}

}  // namespace

// On Linux a connection inherits the option from the listener.
void send_without_delay(std::uint16_t port) {
  for (const int descriptor : open_descriptors()) {
    const int on = 1;
    if (listens_at(descriptor, port)) {
      setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
  }
}

int find_listener(const std::string& path) {
  for (const int descriptor : open_descriptors()) {
    const sockaddr_storage address = place_of(descriptor);
    if (address.ss_family != AF_UNIX) continue;
    if (path == reinterpret_cast<const sockaddr_un&>(address).sun_path) return descriptor;
  }
  return -1;
}

// Whoever waits for connections by the old descriptor's number waits for the new ones from the next
// call on.
void listen_again(int listener, const std::string& path, int backlog) {
  const auto address = unix_address(path);
  if (!address) fail(path, "can't listen there", ENAMETOOLONG);
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) fail(path, "no socket can be made", errno);
  const mode_t mask = umask(0777);
  const bool bound =
      bind(descriptor, reinterpret_cast<const sockaddr*>(&*address), sizeof(*address)) == 0 &&
      listen(descriptor, backlog) == 0 && dup3(descriptor, listener, O_CLOEXEC) == listener;
  const int error = errno;
  umask(mask);
  close(descriptor);
  if (!bound) fail(path, "can't listen there", error);
}

void prepare_to_listen(const ListenAddress& address) {
  if (address.family != ListenAddress::Family::kUnix) return try_to_bind(address);
  check_directory(address.place);
  remove_stale_socket(address.place);
}

void remove_stale_socket(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    fail(path, "can't be looked at", errno);
  }
  if (!S_ISSOCK(status.st_mode)) {
    throw SocketError(fmt::format("{}: there is something that isn't a socket", path));
  }
  switch (const int error = connect_error(path)) {
    case ECONNREFUSED:
      if (unlink(path.c_str()) != 0) fail(path, "the stale socket can't be removed", errno);
      return;
    case 0:
    case EAGAIN:
      throw SocketError(fmt::format("{}: another process listens there", path));
    default:
      fail(path, "whether another process listens there can't be found out", error);
  }
}

SocketFile::SocketFile(std::string path, mode_t mode, const std::string& group)
    : path_(std::move(path)) {
  struct stat status {};
  if (lstat(path_.c_str(), &status) != 0) fail(path_, "can't be looked at", errno);
  device_ = status.st_dev;
  inode_ = status.st_ino;
  try {
    // The group first: chown may take permissions away.
    if (!group.empty() && lchown(path_.c_str(), static_cast<uid_t>(-1), group_id(group)) != 0) {
      fail(path_, fmt::format("can't be given to the group \"{}\" (is this user a member?)", group),
           errno);
    }
    if (chmod(path_.c_str(), mode) != 0) fail(path_, "its permissions can't be set", errno);
  } catch (...) {
    remove();
    throw;
  }
}

bool SocketFile::is_there() const noexcept {
  struct stat status {};
  return inode_ != 0 && lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ &&
         status.st_ino == inode_;
}

void SocketFile::remove() noexcept {
  if (is_there()) unlink(path_.c_str());
  inode_ = 0;
}

}  // namespace plainbounce

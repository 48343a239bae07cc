#include "cli/postfix/socket_probe.h"

#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>

namespace plainbounce {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{3};

// "O", version 6, all actions, all steps: what Postfix 3.7 offers; each packet has its length
// first.
constexpr unsigned char kNegotiate[] = {0, 0, 0,    13,   'O', 0,    0,    0,   6,
                                        0, 0, 0x01, 0xff, 0,   0x1f, 0xff, 0xff};
constexpr unsigned char kQuit[] = {0, 0, 0, 1, 'Q'};
constexpr std::size_t kShortestAnswer = 4 + 13;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

bool wait_for(int socket, short events, Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd wanted{socket, events, 0};
  return left > 0 && poll(&wanted, 1, static_cast<int>(left)) == 1;
}

SocketState state_of_error(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return SocketState::kMissing;
    case EACCES:
    case EPERM:
      return SocketState::kUnknown;
    case EAGAIN:
    case ETIMEDOUT:
      return SocketState::kSilent;
    default:
      return SocketState::kRefused;
  }
}

// 0, or why there is no connection.
int connect_by(int socket, const sockaddr* address, socklen_t size, Clock::time_point deadline) {
  if (connect(socket, address, size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!wait_for(socket, POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t error_size = sizeof error;
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &error_size);
  return error;
}

SocketState negotiate(int socket, Clock::time_point deadline) {
  if (send(socket, kNegotiate, sizeof kNegotiate, MSG_NOSIGNAL) != sizeof kNegotiate) {
    return SocketState::kNoMilter;
  }
  std::array<unsigned char, kShortestAnswer> answer{};
  std::size_t received = 0;
  while (received < answer.size()) {
    if (!wait_for(socket, POLLIN, deadline)) return SocketState::kSilent;
    const ssize_t size = recv(socket, answer.data() + received, answer.size() - received, 0);
    if (size <= 0) return SocketState::kNoMilter;
    received += static_cast<std::size_t>(size);
    if (received > 4 && answer[4] != 'O') return SocketState::kNoMilter;
  }
  // Its answer doesn't matter: the milter may be gone already.
  [[maybe_unused]] const ssize_t sent = send(socket, kQuit, sizeof kQuit, MSG_NOSIGNAL);
  return SocketState::kAnswers;
}

SocketState speak_to(int family, const sockaddr* address, socklen_t size) {
  const auto deadline = Clock::now() + kPatience;
  const Descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) return SocketState::kUnknown;
  const int error = connect_by(socket.get(), address, size, deadline);
  return error == 0 ? negotiate(socket.get(), deadline) : state_of_error(error);
}

PathStep step_of(const std::string& path, const struct stat& status) {
  constexpr mode_t kPermissions = 0777;
  PathStep step{path, status.st_uid, status.st_gid, status.st_mode & kPermissions, false};
  step.has_acl = getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
  return step;
}

SocketReport probe_unix(const std::string& path) {
  SocketReport report;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return {SocketState::kMissing, {}};
  std::memcpy(address.sun_path, path.data(), path.size());
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(path, ignored);
  fs::path walked;
  for (const fs::path& part : real.empty() ? fs::path(path) : real) {
    walked /= part;
    struct stat status {};
    if (stat(walked.c_str(), &status) != 0) {
      return {state_of_error(errno), {}};
    }
    report.steps.push_back(step_of(walked.string(), status));
    if (walked == real && !S_ISSOCK(status.st_mode)) return {SocketState::kNotASocket, {}};
  }
  report.state = speak_to(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return report;
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

SocketReport probe_inet(const MilterPlace& place) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found) != 0) {
    return {SocketState::kMissing, {}};
  }
  const Addresses addresses(found, &freeaddrinfo);
  SocketReport report{SocketState::kRefused, {}};
  for (const addrinfo* next = addresses.get(); next != nullptr; next = next->ai_next) {
    report.state = speak_to(next->ai_family, next->ai_addr, next->ai_addrlen);
    if (report.state == SocketState::kAnswers) break;
  }
  return report;
}

}  // namespace

SocketReport probe_socket(const MilterPlace& place) {
  return place.family == ListenAddress::Family::kUnix ? probe_unix(place.path) : probe_inet(place);
}

std::optional<Account> find_account(const std::string& name) {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return std::nullopt;
  constexpr int kMaxGroups = 65536;
  int count = kMaxGroups;
  Account account{name, entry.pw_uid, std::vector<gid_t>(kMaxGroups)};
  if (getgrouplist(name.c_str(), entry.pw_gid, account.groups.data(), &count) < 0) count = 0;
  account.groups.resize(static_cast<std::size_t>(count));
  return account;
}

}  // namespace plainbounce

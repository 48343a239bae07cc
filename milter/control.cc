#include "milter/control.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace plainbounce {
namespace {

constexpr std::size_t kMaxText = 32768;  // bytes: a packet must fit into the socket's buffer

struct Head {
  ControlMessage::Kind kind;
  std::uint64_t id;
  std::uint64_t number;
};

// Room for one descriptor beside a message.
union DescriptorRoom {
  cmsghdr align;
  char bytes[CMSG_SPACE(sizeof(int))];
};

int passed_descriptor(msghdr& message) {
  const cmsghdr* const head = CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) return -1;
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(head), sizeof(descriptor));
  return descriptor;
}

}  // namespace

ControlPair::ControlPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  daemon = ends[0];
  fork_server = ends[1];
}

bool send_control(int socket, const ControlMessage& message, bool wait) {
  Head head{message.kind, message.id, message.number};
  const std::size_t length = std::min(message.text.size(), kMaxText);
  iovec pieces[] = {{&head, sizeof(head)}, {const_cast<char*>(message.text.data()), length}};
  msghdr packet{};
  packet.msg_iov = pieces;
  packet.msg_iovlen = 2;
  DescriptorRoom room{};
  if (message.descriptor >= 0) {
    packet.msg_control = room.bytes;
    packet.msg_controllen = sizeof(room.bytes);
    cmsghdr* const passed = CMSG_FIRSTHDR(&packet);
    passed->cmsg_level = SOL_SOCKET;
    passed->cmsg_type = SCM_RIGHTS;
    passed->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(passed), &message.descriptor, sizeof(int));
  }
  const int flags = MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT);
  ssize_t sent = 0;
  do {
    sent = sendmsg(socket, &packet, flags);
  } while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

std::optional<ControlMessage> receive_control(int socket) {
  Head head{};
  std::string text(kMaxText, '\0');
  iovec pieces[] = {{&head, sizeof(head)}, {text.data(), text.size()}};
  DescriptorRoom room{};
  msghdr packet{};
  packet.msg_iov = pieces;
  packet.msg_iovlen = 2;
  packet.msg_control = room.bytes;
  packet.msg_controllen = sizeof(room.bytes);
  ssize_t got = 0;
  do {
    got = recvmsg(socket, &packet, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < static_cast<ssize_t>(sizeof(head))) return std::nullopt;
  text.resize(static_cast<std::size_t>(got) - sizeof(head));
  return ControlMessage{head.kind, head.id, head.number, std::move(text),
                        passed_descriptor(packet)};
}

}  // namespace plainbounce

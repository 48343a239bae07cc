// Where the daemon is to listen -> cleared for it, or why it can't be; and a unix socket's file:
// given its permissions, removed at the end.
#ifndef PLAINBOUNCE_MILTER_SOCKET_H_
#define PLAINBOUNCE_MILTER_SOCKET_H_

#include <sys/types.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "lib/config/listen_address.h"

namespace plainbounce {

// what() names the path and what is wrong.
class SocketError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Removes the socket that a process left behind when it was killed. Throws SocketError, and removes
// nothing: a process answers there; it isn't a socket; it can't be removed. Nothing there is fine.
void remove_stale_socket(const std::string& path);

// Throws SocketError where nobody could listen: no such directory or host, not permitted, the port
// is in use, a stale socket that can't be removed. libmilter itself says less.
void prepare_to_listen(const ListenAddress& address);

// Sends what is written to the connections of this process' TCP listeners at this port at once.
// Milter protocol packets are small, and libmilter writes an answer in several of them: waiting for
// each to be acknowledged costs some 40 ms a message. libmilter doesn't say which socket is its
// own. Call it before connections are made.
void send_without_delay(std::uint16_t port);

// The descriptor of this process' listener at that path; -1: there is none. libmilter doesn't say
// which socket is its own.
int find_listener(const std::string& path);

// Makes a unix socket at `path`, where there is none any more, and lets `listener`, whose own file
// is gone, be that one. Nobody gets in before SocketFile sets its permissions. Throws SocketError.
void listen_again(int listener, const std::string& path, int backlog);

// The file of a listening unix socket, from the moment it is there.
class SocketFile {
 public:
  // `group` is a name; empty: the group stays. Throws SocketError: not permitted;
  // ConfigError: no such group.
  SocketFile(std::string path, mode_t mode, const std::string& group);
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;
  ~SocketFile() { remove(); }

  // False: it was removed, or another one is in its place.
  bool is_there() const noexcept;

  // Removes it, unless another process has put its own in its place.
  void remove() noexcept;

 private:
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_SOCKET_H_

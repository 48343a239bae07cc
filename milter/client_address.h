// The socket address that the MTA gives for its client -> Envelope::client_address.
#ifndef PLAINBOUNCE_MILTER_CLIENT_ADDRESS_H_
#define PLAINBOUNCE_MILTER_CLIENT_ADDRESS_H_

#include <sys/socket.h>

#include <string>

namespace plainbounce {

// Empty: the mail was made on this machine, which an MTA tells by a unix socket or, Postfix for its
// own mail, by 127.0.0.1 and port 0. "unknown", which nobody trusts: it gives no address (null) or
// one of another kind. IPv4 within IPv6 (::ffff:192.0.2.1) is given as IPv4.
std::string client_address(const sockaddr* address);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_CLIENT_ADDRESS_H_

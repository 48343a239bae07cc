// IP addresses and CIDR networks as text (RFC 4632, RFC 4291) -> is one in the other?
#ifndef PLAINBOUNCE_LIB_BASE_IP_NETWORK_H_
#define PLAINBOUNCE_LIB_BASE_IP_NETWORK_H_

#include <string_view>

namespace plainbounce {

// Is this an address ("192.0.2.1", "2001:db8::1", also with Sendmail's "IPv6:") or a network
// ("192.0.2.0/24")?
bool is_network(std::string_view text);

// Is `address` in `network`, or the same address? Not so where one of them is neither. An IPv4
// address is the same as its mapped IPv6 form.
bool is_in_network(std::string_view address, std::string_view network);

// Does this name or address, as text, stand for this very machine ("localhost", 127.0.0.0/8, ::1)?
bool is_loopback(std::string_view host);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_IP_NETWORK_H_

#include "lib/base/ip_network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

// Every address as IPv6, an IPv4 one mapped (RFC 4291 section 2.5.5.2).
using Address = std::array<std::uint8_t, 16>;

std::optional<Address> parse_address(std::string_view text) {
  constexpr std::string_view kTag = "IPv6:";  // as Sendmail writes it
  if (text.size() > kTag.size() && equals_ignoring_case(text.substr(0, kTag.size()), kTag)) {
    text.remove_prefix(kTag.size());
  }
  const std::string name(text);
  Address address{};
  if (inet_pton(AF_INET6, name.c_str(), address.data()) == 1) return address;
  address[10] = address[11] = 0xFF;
  if (inet_pton(AF_INET, name.c_str(), &address[12]) == 1) return address;
  return std::nullopt;
}

struct Network {
  Address address;
  int prefix_length = 128;  // of the IPv6 form
};

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network{*address};
  if (slash == std::string_view::npos) return network;
  const std::string_view length = text.substr(slash + 1);
  const bool is_ipv4 = text.substr(0, slash).find(':') == std::string_view::npos;
  const int most = is_ipv4 ? 32 : 128;
  int bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (error != std::errc() || end != length.data() + length.size() || bits < 0 || bits > most) {
    return std::nullopt;
  }
  network.prefix_length = is_ipv4 ? bits + 96 : bits;
  return network;
}

bool contains(const Network& network, const Address& address) {
  for (int bit = 0; bit < network.prefix_length; bit += 8) {
    const auto index = static_cast<std::size_t>(bit / 8);
    const int left = std::min(8, network.prefix_length - bit);
    const int mask = 0xFF << (8 - left) & 0xFF;
    if (((network.address[index] ^ address[index]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace

bool is_network(std::string_view text) { return parse_network(text).has_value(); }

bool is_in_network(std::string_view address, std::string_view network) {
  const auto one = parse_address(address);
  const auto many = parse_network(network);
  return one && many && contains(*many, *one);
}

bool is_loopback(std::string_view host) {
  return equals_ignoring_case(host, "localhost") || host.starts_with("127.") || host == "::1";
}

}  // namespace plainbounce

#include "milter/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace plainbounce {
namespace {

constexpr const char* kUnknown = "unknown";  // is in no network

std::string text_of(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* const result = inet_ntop(family, address, text.data(), text.size());
  return result == nullptr ? kUnknown : result;
}

std::string inet_text(const sockaddr_in& address) {
  const bool loopback = address.sin_addr.s_addr == htonl(INADDR_LOOPBACK);
  if (loopback && address.sin_port == 0) return "";
  return text_of(AF_INET, &address.sin_addr);
}

std::string inet6_text(const sockaddr_in6& address) {
  const in6_addr& bytes = address.sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) return text_of(AF_INET, &bytes.s6_addr[12]);
  return text_of(AF_INET6, &bytes);
}

}  // namespace

std::string client_address(const sockaddr* address) {
  if (address == nullptr) return kUnknown;  // Postfix: an SMTP client that it can't name
  if (address->sa_family == AF_UNIX) return "";
  if (address->sa_family == AF_INET) {
    sockaddr_in inet{};
    std::memcpy(&inet, address, sizeof(inet));
    return inet_text(inet);
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 inet6{};
    std::memcpy(&inet6, address, sizeof(inet6));
    return inet6_text(inet6);
  }
  return kUnknown;
}

}  // namespace plainbounce

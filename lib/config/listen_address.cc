#include "lib/config/listen_address.h"

#include <sys/un.h>

#include <algorithm>
#include <charconv>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxUnixPath = sizeof(sockaddr_un::sun_path) - 1;

bool has_control_or_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return is_control(c) || c == ' '; });
}

std::optional<ListenAddress> parse_unix(std::string_view path) {
  if (path.size() < 2 || path.size() > kMaxUnixPath || path.front() != '/' || path.back() == '/') {
    return std::nullopt;
  }
  return ListenAddress{ListenAddress::Family::kUnix, std::string(path), 0};
}

std::optional<ListenAddress> parse_inet(ListenAddress::Family family, std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at + 1 == text.size()) return std::nullopt;
  const std::string_view digits = text.substr(0, at);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) {
    return std::nullopt;
  }
  return ListenAddress{family, std::string(text.substr(at + 1)), port};
}

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  if (has_control_or_space(text)) return std::nullopt;
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view family = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  if (family == "unix") return parse_unix(rest);
  if (family == "inet") return parse_inet(ListenAddress::Family::kInet, rest);
  if (family == "inet6") return parse_inet(ListenAddress::Family::kInet6, rest);
  return std::nullopt;
}

std::string to_string(const ListenAddress& address) {
  switch (address.family) {
    case ListenAddress::Family::kUnix:
      return "unix:" + address.place;
    case ListenAddress::Family::kInet:
      return "inet:" + std::to_string(address.port) + "@" + address.place;
    case ListenAddress::Family::kInet6:
      return "inet6:" + std::to_string(address.port) + "@" + address.place;
  }
  return {};
}

}  // namespace plainbounce

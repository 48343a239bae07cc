#include "lib/notice/links.h"

#include <algorithm>
#include <cstddef>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxUrl = 500;
constexpr std::size_t kMaxMailto = 254;

bool is_url_char(char c) {
  return c > ' ' && c < 0x7F && std::string_view("\"'<>\\^`{|}").find(c) == std::string_view::npos;
}

bool is_address_char(char c) {
  return is_alphanumeric(c) || std::string_view("@.-_+").find(c) != std::string_view::npos;
}

}  // namespace

bool may_be_link(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    return url.size() > scheme.size() && url.size() <= kMaxUrl &&
           std::all_of(url.begin(), url.end(), is_url_char);
  }
  return false;
}

bool may_be_mailto(std::string_view address) {
  return address.size() <= kMaxMailto && std::count(address.begin(), address.end(), '@') == 1 &&
         address.front() != '@' && address.back() != '@' &&
         std::all_of(address.begin(), address.end(), is_address_char);
}

}  // namespace plainbounce

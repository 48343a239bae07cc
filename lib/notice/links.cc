#include "lib/notice/links.h"

#include <fmt/format.h>

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

// As it may stand anywhere behind the host (RFC 3986 section 2.3).
std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (is_alphanumeric(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// Where the host's name and port end.
std::size_t host_end(std::string_view url) {
  const std::size_t host = url.find("://");
  if (host == std::string_view::npos) return url.size();
  return std::min(url.find_first_of("/?#", host + 3), url.size());
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

bool may_be_link_pattern(std::string_view pattern) {
  const bool host_is_fixed = pattern.substr(0, host_end(pattern)).find('{') == std::string::npos;
  return host_is_fixed && !fill_link(pattern, "cause", "en").empty();
}

std::string fill_link(std::string_view pattern, std::string_view cause, std::string_view language) {
  std::string url(pattern);
  replace_all(url, "{cause}", percent_encoded(cause));
  replace_all(url, "{language}", percent_encoded(language));
  return may_be_link(url) ? url : std::string();
}

std::string phone_link(std::string_view phone) {
  constexpr std::size_t kLeast = 3;
  constexpr std::size_t kMost = 15;  // of digits (ITU-T E.164)
  std::string written(trim(phone));
  std::string number;
  if (written.starts_with('+')) {
    number = "+";
    replace_all(written, "(0)", "");  // dialled only where the country's number isn't
    written.erase(0, 1);
  }
  const std::size_t before = number.size();
  for (const char c : written) {
    if (is_digit(c)) {
      number += c;
    } else if (std::string_view(" -.()").find(c) == std::string_view::npos) {
      return {};
    }
  }
  const std::size_t digits = number.size() - before;
  return digits >= kLeast && digits <= kMost ? number : std::string();
}

}  // namespace plainbounce

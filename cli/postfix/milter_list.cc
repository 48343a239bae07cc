#include "cli/postfix/milter_list.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "lib/base/ascii.h"
#include "lib/base/ip_network.h"

namespace plainbounce {
namespace {

using Family = ListenAddress::Family;

constexpr std::string_view kSeparators = ", \t\r\n";

// Takes the first item from `rest`: one between { } comes with them.
std::string_view take_item(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kSeparators), rest.size()));
  std::size_t end = 0;
  for (int depth = 0; end < rest.size(); ++end) {
    if (rest[end] == '{') ++depth;
    if (rest[end] == '}' && --depth <= 0) {
      ++end;
      break;
    }
    if (depth <= 0 && kSeparators.find(rest[end]) != std::string_view::npos) break;
  }
  const std::string_view item = rest.substr(0, end);
  rest.remove_prefix(end);
  return item;
}

std::string_view without_braces(std::string_view text) {
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

void add_setting(std::string_view text, PostfixParameters& settings) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return;
  settings[std::string(trim(text.substr(0, equals)))] = trim(text.substr(equals + 1));
}

// "{ ADDRESS, NAME=VALUE, { NAME = VALUE } }" or "ADDRESS"
ListedMilter parse_item(std::string_view item) {
  std::string_view rest = without_braces(item);
  ListedMilter milter;
  milter.address = take_item(rest);
  for (std::string_view setting = take_item(rest); !setting.empty(); setting = take_item(rest)) {
    add_setting(without_braces(setting), milter.settings);
  }
  return milter;
}

bool is_milter_address(std::string_view text) {
  return text.starts_with("unix:") || text.starts_with("local:") || text.starts_with("inet:") ||
         text.starts_with("inet6:");
}

std::string normal(std::string_view path) {
  std::string clean = std::filesystem::path(path).lexically_normal().string();
  if (clean.starts_with("/var/run/")) clean.erase(0, std::string_view("/var").size());
  return clean;
}

MilterPlace unix_place(std::string_view path, std::string_view queue_directory, bool chrooted) {
  MilterPlace place;
  place.written = path;
  const bool in_queue = chrooted || !path.starts_with('/');
  place.path = normal(in_queue ? std::string(queue_directory) + "/" + std::string(path) : path);
  return place;
}

// "HOST:PORT", or Sendmail's "PORT@HOST".
MilterPlace inet_place(Family family, std::string_view text) {
  MilterPlace place;
  place.family = family;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    place.port = text.substr(0, at);
    place.host = text.substr(at + 1);
  } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    place.host = text.substr(0, colon);
    place.port = text.substr(colon + 1);
  }
  if (place.host.starts_with('[') && place.host.ends_with(']')) {
    place.host = place.host.substr(1, place.host.size() - 2);
  }
  return place;
}

bool is_every_address(std::string_view host) { return host == "0.0.0.0" || host == "::"; }

}  // namespace

std::vector<ListedMilter> parse_milter_list(std::string_view list) {
  std::vector<ListedMilter> milters;
  for (std::string_view item = take_item(list); !item.empty(); item = take_item(list)) {
    ListedMilter milter = parse_item(item);
    if (!milter.address.empty()) milters.push_back(std::move(milter));
  }
  return milters;
}

std::vector<ListedMilter> parse_milter_table(std::string_view table) {
  std::vector<ListedMilter> milters;
  std::vector<std::string_view> waiting{table};
  while (!waiting.empty()) {
    std::string_view rest = waiting.back();
    waiting.pop_back();
    for (std::string_view item = take_item(rest); !item.empty(); item = take_item(rest)) {
      const ListedMilter milter = parse_item(item);
      if (is_milter_address(milter.address)) {
        milters.push_back(milter);
        continue;
      }
      // A table's type and its first brace are one word: "cidr:{".
      const std::string_view block = item.substr(std::min(item.find('{'), item.size()));
      const std::string_view inner = without_braces(block);
      if (inner.size() < block.size()) waiting.push_back(inner);
    }
  }
  return milters;
}

std::string_view milter_setting(const ListedMilter& milter, std::string_view name,
                                const PostfixSettings& settings, const PostfixService& service) {
  const auto own = milter.settings.find(name);
  if (own != milter.settings.end()) return own->second;
  return settings.value(service, "milter_" + std::string(name));
}

MilterPlace milter_place(std::string_view address, std::string_view queue_directory,
                         bool chrooted) {
  const std::size_t colon = address.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view transport = address.substr(0, colon);
  const std::string_view rest = address.substr(colon + 1);
  if (transport == "unix" || transport == "local") {
    return unix_place(rest, queue_directory, chrooted);
  }
  if (transport == "inet") return inet_place(Family::kInet, rest);
  if (transport == "inet6") return inet_place(Family::kInet6, rest);
  return {};
}

bool is_on_loopback(const MilterPlace& place) {
  return place.family != Family::kUnix && is_loopback(place.host);
}

bool is_served_by(const MilterPlace& place, const ListenAddress& listen) {
  if (listen.family == Family::kUnix) {
    const std::string path = normal(listen.place);
    return place.family == Family::kUnix && (place.path == path || normal(place.written) == path);
  }
  if (place.family == Family::kUnix || place.port != std::to_string(listen.port)) return false;
  return place.host == listen.place || is_every_address(listen.place) ||
         (is_on_loopback(place) && is_loopback(listen.place));
}

}  // namespace plainbounce

#include "lib/knowledge/own_hosts.h"

#include <algorithm>

#include "lib/base/ip_network.h"
#include "lib/base/text.h"
#include "lib/mail/address.h"

namespace plainbounce {
namespace {

constexpr std::string_view kBelow = "*.";

bool is_like(std::string_view host, std::string_view pattern) {
  if (is_network(pattern)) return is_in_network(host, pattern);
  if (!pattern.starts_with(kBelow)) return is_same_domain(host, pattern);
  const std::string name = canonical_domain(host);
  return name.ends_with("." + canonical_domain(pattern.substr(kBelow.size())));
}

}  // namespace

bool OwnHosts::has(std::string_view host) const {
  host = without_root(host);
  return !host.empty() &&
         std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const std::string& pattern) { return is_like(host, pattern); });
}

}  // namespace plainbounce

#include "lib/diagnosis/side.h"

#include <algorithm>
#include <array>
#include <string>

#include "lib/base/ascii.h"
#include "lib/base/ip_network.h"
#include "lib/base/text.h"
#include "lib/mail/address.h"
#include "lib/typo/public_suffix.h"

namespace plainbounce {
namespace {

// Addresses that only one's own network can reach (RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC
// 4291).
constexpr std::array kPrivateNetworks = {"10.0.0.0/8",    "172.16.0.0/12",  "192.168.0.0/16",
                                         "100.64.0.0/10", "169.254.0.0/16", "fc00::/7",
                                         "fe80::/10"};

bool is_of_own_network(std::string_view host) {
  return is_loopback(host) ||
         std::any_of(kPrivateNetworks.begin(), kPrivateNetworks.end(),
                     [&](const char* network) { return is_in_network(host, network); });
}

bool is_of_same_owner(std::string_view host, std::string_view other) {
  const std::string domain = registered_domain(host);
  return !domain.empty() && domain == registered_domain(other);
}

// A socket of this machine: "private/lmtp", "/run/lmtp".
bool is_socket(std::string_view host) {
  return host.starts_with("private/") || host.starts_with('/');
}

bool is_company(const Provider* provider) { return provider != nullptr && !provider->software; }

// Can only the own network know this name? "dovecot", "store.lan"
bool is_name_of_own_network(std::string_view host) {
  return !is_top_level_domain(ascii_lower(host.substr(host.rfind('.') + 1)));
}

// A host that is named with an address of the own network, or by such an address alone.
Side side_in_own_network(std::string_view host, bool has_code) {
  // Nobody outside could have answered from there.
  if (has_code || is_network(host)) return Side::kOurs;
  // A stranger's domain may lead to such an address, too: "connect to mx.example.net[10.0.0.1]:25".
  return !is_loopback(host) && is_name_of_own_network(host) ? Side::kOurs : Side::kUnknown;
}

// The host that is named, as a name without the root's dot or as an address.
std::string_view host_of(const Facts& facts) {
  return without_root(facts.remote_host.empty() ? facts.remote_address : facts.remote_host);
}

Side side_of_host(const SpeakerSigns& signs, const Facts& facts, const Knowledge& knowledge) {
  const std::string_view host = host_of(facts);
  const OwnHosts& own = knowledge.own_hosts();
  const std::string_view address = is_network(host) ? host : facts.remote_address;
  if (own.has(host) || own.has(address) || is_socket(host)) return Side::kOurs;
  if (is_same_domain(host, signs.reporting_mta)) return Side::kOurs;
  // A server at a provider's is called like the provider's own.
  if (is_company(knowledge.providers().by_host(host))) return Side::kTheirs;
  if (is_of_same_owner(host, signs.reporting_mta)) return Side::kOurs;
  if (is_of_own_network(host) || is_of_own_network(address)) {
    return side_in_own_network(host, signs.has_code);
  }
  return Side::kTheirs;
}

// Are these the reporting server's own words? It names whoever else spoke (RFC 3464 section 2.3.5),
// and calls its own by a type of its own (section 2.3.6).
bool speaks_for_itself(const SpeakerSigns& signs) {
  const bool is_own_type =
      signs.diagnostic_type.empty() ? !signs.has_code : signs.diagnostic_type.starts_with("x-");
  return is_own_type && !signs.reporting_mta.empty();
}

}  // namespace

Side side_of(const SpeakerSigns& signs, const Facts& facts, const CauseEntry& cause,
             const Knowledge& knowledge) {
  if (cause.own_side) return Side::kOurs;
  if (!facts.remote_host.empty() || !facts.remote_address.empty()) {
    return side_of_host(signs, facts, knowledge);
  }
  if (speaks_for_itself(signs)) return cause.of_next ? Side::kUnknown : Side::kOurs;
  // Words that only one provider's servers use, and the reporting server isn't one of them.
  const Provider* const provider = knowledge.providers().by_id(facts.provider);
  const bool is_reporter = knowledge.providers().by_host(signs.reporting_mta) == provider;
  return is_company(provider) && !is_reporter ? Side::kTheirs : Side::kUnknown;
}

Actor actor_of(const CauseEntry& cause, Side side) {
  if (side == Side::kOurs && cause.told_if_ours) return Actor::kSenderAdmin;
  const bool is_unproven = side == Side::kUnknown && !cause.of_next;
  return is_unproven && cause.actor == Actor::kRecipientAdmin ? Actor::kSenderAdmin : cause.actor;
}

bool needs_action(bool unsure, int told_class, Actor actor, const CauseEntry& cause) {
  const bool lasts = told_class == 5;
  if (unsure) return lasts;
  return actor != Actor::kNobody && (lasts || cause.act_now);
}

}  // namespace plainbounce

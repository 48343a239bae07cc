#include "lib/knowledge/cause.h"

#include <array>

namespace plainbounce {
namespace {

template <typename Enum, std::size_t kCount>
std::optional<Enum> find_id(const std::array<std::string_view, kCount>& ids, std::string_view id) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if (ids[i] == id) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, kCauseCount> kCauseIds = {
    "recipient-unknown",
    "recipient-ambiguous",
    "recipient-moved",
    "recipient-unavailable",
    "recipient-disabled",
    "recipient-address-invalid",
    "mailbox-full",
    "recipient-overloaded",
    "recipient-restricted",
    "sender-blocked",
    "list-failure",
    "domain-unknown",
    "domain-accepts-no-mail",
    "dns-failure",
    "server-unreachable",
    "connection-lost",
    "routing-loop",
    "relay-denied",
    "delivery-timed-out",
    "message-too-large",
    "too-many-recipients",
    "attachment-refused",
    "virus-detected",
    "spam-suspected",
    "content-refused",
    "message-malformed",
    "encoding-unsupported",
    "sender-address-refused",
    "sender-not-permitted",
    "sender-account-blocked",
    "sender-authentication-failed",
    "reputation-blocked",
    "reverse-dns-missing",
    "rate-limited",
    "login-required",
    "tls-required",
    "security-failure",
    "policy-refused",
    "greylisted",
    "server-busy",
    "server-storage-full",
    "server-error",
    "protocol-error",
    "suppressed",
    "delivered",
    "relayed",
    "expanded",
    "unexplained",
};
constexpr std::array<std::string_view, kOutcomeCount> kOutcomeIds = {
    "failed", "gave-up", "delayed", "delivered", "relayed", "expanded",
};
constexpr std::array<std::string_view, kActorCount> kActorIds = {
    "sender", "recipient", "sender_admin", "recipient_admin", "nobody",
};

}  // namespace

std::string_view cause_id(Cause cause) { return kCauseIds[static_cast<std::size_t>(cause)]; }
std::string_view outcome_id(Outcome outcome) {
  return kOutcomeIds[static_cast<std::size_t>(outcome)];
}
std::string_view actor_id(Actor actor) { return kActorIds[static_cast<std::size_t>(actor)]; }

std::optional<Cause> parse_cause(std::string_view id) { return find_id<Cause>(kCauseIds, id); }
std::optional<Outcome> parse_outcome(std::string_view id) {
  return find_id<Outcome>(kOutcomeIds, id);
}
std::optional<Actor> parse_actor(std::string_view id) { return find_id<Actor>(kActorIds, id); }

}  // namespace plainbounce

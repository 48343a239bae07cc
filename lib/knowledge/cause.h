// The vocabulary of causes: why a delivery ended as it did.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_

#include <cstddef>

#include "lib/base/enum_ids.h"

namespace plainbounce {

// One enumerator for each row of causes.tsv, in its order; what each means stands there.
enum class Cause {
  kRecipientUnknown,
  kRecipientAmbiguous,
  kRecipientMoved,
  kRecipientUnavailable,
  kRecipientDisabled,
  kRecipientAddressInvalid,
  kMailboxFull,
  kRecipientOverloaded,
  kRecipientRestricted,
  kSenderBlocked,
  kListFailure,
  kDomainUnknown,
  kDomainAcceptsNoMail,
  kDnsFailure,
  kServerUnreachable,
  kConnectionLost,
  kRoutingLoop,
  kRelayDenied,
  kDeliveryTimedOut,
  kMessageTooLarge,
  kTooManyRecipients,
  kAttachmentRefused,
  kVirusDetected,
  kSpamSuspected,
  kContentRefused,
  kMessageMalformed,
  kEncodingUnsupported,
  kSenderAddressRefused,
  kSenderNotPermitted,
  kSenderAccountBlocked,
  kSenderAuthenticationFailed,
  kReputationBlocked,
  kReverseDnsMissing,
  kRateLimited,
  kLoginRequired,
  kTlsRequired,
  kSecurityFailure,
  kPolicyRefused,
  kGreylisted,
  kServerBusy,
  kServerStorageFull,
  kServerError,
  kProtocolError,
  kSuppressed,
  kDelivered,
  kRelayed,
  kExpanded,
  kUnexplained,
};
template <>
inline constexpr auto kIds<Cause> = ids_to<Cause::kUnexplained>(
    "recipient-unknown", "recipient-ambiguous", "recipient-moved", "recipient-unavailable",
    "recipient-disabled", "recipient-address-invalid", "mailbox-full", "recipient-overloaded",
    "recipient-restricted", "sender-blocked", "list-failure", "domain-unknown",
    "domain-accepts-no-mail", "dns-failure", "server-unreachable", "connection-lost",
    "routing-loop", "relay-denied", "delivery-timed-out", "message-too-large",
    "too-many-recipients", "attachment-refused", "virus-detected", "spam-suspected",
    "content-refused", "message-malformed", "encoding-unsupported", "sender-address-refused",
    "sender-not-permitted", "sender-account-blocked", "sender-authentication-failed",
    "reputation-blocked", "reverse-dns-missing", "rate-limited", "login-required", "tls-required",
    "security-failure", "policy-refused", "greylisted", "server-busy", "server-storage-full",
    "server-error", "protocol-error", "suppressed", "delivered", "relayed", "expanded",
    "unexplained");
inline constexpr std::size_t kCauseCount = kIds<Cause>.size();

// How a delivery ended (RFC 3464 section 2.3.3, refined).
enum class Outcome {
  kFailed,
  kGaveUp,   // failed, after retrying until the message expired
  kDelayed,  // still being retried
  kDelivered,
  kRelayed,
  kExpanded,
};
template <>
inline constexpr auto kIds<Outcome> = ids_to<Outcome::kExpanded>("failed", "gave-up", "delayed",
                                                                 "delivered", "relayed",
                                                                 "expanded");
inline constexpr std::size_t kOutcomeCount = kIds<Outcome>.size();

// Whose turn it is.
enum class Actor { kSender, kRecipient, kSenderAdmin, kRecipientAdmin, kNobody };
template <>
inline constexpr auto kIds<Actor> = ids_to<Actor::kNobody>("sender", "recipient", "sender_admin",
                                                           "recipient_admin", "nobody");

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_

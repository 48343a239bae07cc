// The vocabulary of causes: why a delivery ended as it did.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_

#include <cstddef>
#include <optional>
#include <string_view>

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
inline constexpr std::size_t kCauseCount = 48;

// How a delivery ended (RFC 3464 section 2.3.3, refined).
enum class Outcome {
  kFailed,
  kGaveUp,   // failed, after retrying until the message expired
  kDelayed,  // still being retried
  kDelivered,
  kRelayed,
  kExpanded,
};
inline constexpr std::size_t kOutcomeCount = 6;

// Whose turn it is.
enum class Actor { kSender, kRecipient, kSenderAdmin, kRecipientAdmin, kNobody };
inline constexpr std::size_t kActorCount = 5;

// The stable ids, as in causes.tsv and the command line's JSON: "mailbox-full", "gave-up",
// "sender_admin".
std::string_view cause_id(Cause cause);
std::string_view outcome_id(Outcome outcome);
std::string_view actor_id(Actor actor);

std::optional<Cause> parse_cause(std::string_view id);
std::optional<Outcome> parse_outcome(std::string_view id);
std::optional<Actor> parse_actor(std::string_view id);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_

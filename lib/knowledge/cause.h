// The vocabulary of causes: why a delivery ended as it did, and what that means (causes.tsv).
// docs/causes.md says how to add one.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "lib/base/enum_ids.h"
#include "lib/typo/meant_domain.h"

namespace plainbounce {

// One enumerator for each row of causes.tsv, in its order; what each means stands there. The last
// is for want of any other.
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
constexpr bool is_undelivered(Outcome outcome) { return outcome <= Outcome::kDelayed; }

// Whose turn it is.
enum class Actor { kSender, kRecipient, kSenderAdmin, kRecipientAdmin, kNobody };
template <>
inline constexpr auto kIds<Actor> = ids_to<Actor::kNobody>("sender", "recipient", "sender_admin",
                                                           "recipient_admin", "nobody");

// What the sender or their side has, and others may make statements about.
enum class OwnThing { kAccount, kDomain, kServer };
template <>
inline constexpr auto kIds<OwnThing> = ids_to<OwnThing::kServer>("account", "domain", "server");

// The traits of a cause: one row of causes.tsv, whose comment says what each of them means.
struct CauseEntry {
  std::optional<Outcome> success;        // none: it is the cause of a failure or delay
  Actor actor = Actor::kSender;          // who can act when it has failed
  bool reader_first = false;             // but the first thing to do is the sender's own
  bool about_address = false;            // only those can put it right who see to the address
  std::optional<Existence> domain;       // what it says of the address's domain; none: the
                                         // trouble isn't the address
  bool lasting = false;                  // trying again can never help
  bool act_now = false;                  // waiting alone doesn't help while it is still tried
  bool own_side = false;                 // it is the sender's own side that refuses
  std::optional<OwnThing> of_sender;     // what of the sender's own it says something of
  bool of_next = false;                  // is about the server that the message had to go to
  std::optional<Cause> told_if_ours;     // the cause as which it is told where our own side is at
                                         // fault; none: nothing of ours need be
  bool before_answer = false;            // may be found out before the other side has answered
  bool may_be_listed = false;            // comes from a block list where one is named
  bool often_forged = false;             // strikes spam under forged addresses
  bool vague = false;                    // codes name it for want of a better one
  std::optional<Cause> more_exact_than;  // the cause that gives way to it among words
  std::optional<Cause> at_mail;          // what its reply code means in answer to MAIL,
  std::optional<Cause> at_others;        // and to all else but RCPT and DATA; none: the same
  std::string fault;    // the text of [fault] that the path shows; empty: a success
  bool at_end = false;  // stopped at the recipient's end, even where our own server found it out
  std::string move;     // the text of [move] for a first step of its own; empty: a shared step
};

// The cause of that id in a data file. Throws DataError with file and line: there is none.
Cause read_cause(std::string_view id, std::string_view file, int line);

// causes.tsv.
class CauseTable {
 public:
  // Throws DataError with file and line, also where the rows aren't the enumerators in their order.
  void load(std::string_view file, std::string_view tsv);

  const CauseEntry& operator[](Cause cause) const {
    return entries_[static_cast<std::size_t>(cause)];
  }

  // The cause of that success; none: the outcome is a failure or delay.
  std::optional<Cause> of_success(Outcome outcome) const;

 private:
  std::array<CauseEntry, kCauseCount> entries_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_CAUSE_H_

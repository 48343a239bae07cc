// Why each recipient's delivery ended as it did. Made by diagnose() (diagnose.h).
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSIS_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSIS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/knowledge/cause.h"
#include "lib/report/report.h"

namespace plainbounce {

// How sure the cause is. `certain` is a promise.
enum class Confidence { kCertain, kLikely, kUnsure };
std::string_view confidence_id(Confidence confidence);  // "certain", "likely", "unsure"

// What the evidence says besides the cause. Texts are untrusted; empty or none: not known.
struct Facts {
  std::optional<std::uint64_t> message_size;    // bytes
  std::optional<std::uint64_t> size_limit;      // bytes
  std::optional<std::int64_t> recipient_limit;  // how many recipients one message may have
  std::optional<std::int64_t> retry_after;      // seconds
  std::string limit;  // which limit was met: "messages per hour"; empty: not told
  std::optional<Timestamp> first_attempt;  // since when it was tried
  std::optional<Timestamp> last_attempt;
  std::optional<Timestamp> retry_until;
  std::string remote_host;            // the server that gave the reply
  std::string remote_address;         // its IP address
  std::string provider;               // id in providers.toml
  std::string provider_name;          // "Google (Gmail)"
  bool provider_is_software = false;  // the name is a software's ("Postfix"), not a company's
  std::string block_list;             // a block list's name or zone: "zen.spamhaus.org"
  std::string lookup;           // where that listing can be looked up, as text; never made a link
  std::string refused_address;  // the sending server's IP address that the reply names
  std::string refused_sender;   // the sender address or domain that the reply names
  std::string new_address;      // where the recipient has moved to
  std::string mechanism;        // "SPF", "DKIM", "DMARC", "PTR", "TLS", ...
  std::string meant_address;    // what the sender probably meant: "anna@gmail.com"

  bool operator==(const Facts&) const = default;
};

struct RecipientDiagnosis {
  std::string address;  // the one that the sender used where known, else the final recipient
  std::string final_recipient;  // RFC 3464 section 2.3.2, else `address`
  Action action = Action::kNone;
  std::optional<EnhancedStatus>
      status;  // the most telling one: the reply's own, else the Status field
  Reply reply;
  Outcome outcome = Outcome::kFailed;
  Cause cause = Cause::kUnexplained;
  Actor actor = Actor::kSender;
  Confidence confidence = Confidence::kUnsure;
  std::string evidence;  // what decided: "rule:exim-unrouteable", "status:5.1.1", "reply:550",
                         // "class:5", "none"
  Facts facts;
};

struct Diagnosis {
  std::vector<RecipientDiagnosis> recipients;  // one for each of Report::recipients, in order
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSIS_H_

// The whole way: message bytes -> what to change, or why nothing is.
//
// read (report/) -> judge (diagnosis/) -> write (notice/) -> splice (splice/). Pure: no sockets,
// clock, logging, files or globals, so that it can run anywhere a message is.
#ifndef PLAINBOUNCE_LIB_REWRITE_H_
#define PLAINBOUNCE_LIB_REWRITE_H_

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/enum_ids.h"
#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/catalogue.h"
#include "lib/notice/notice.h"
#include "lib/report/report.h"
#include "lib/splice/splice.h"

namespace plainbounce {

// How the message came (RFC 5321): what the MTA tells besides the message itself.
struct Envelope {
  std::string sender;                   // without angle brackets; empty: the null sender
  std::vector<std::string> recipients;  // without angle brackets
  std::string client_address;           // IP address as text; empty: made on this machine
  std::string mta_name;                 // of the MTA itself; empty: as the report says
};

// What is done with bounces that are no RFC 3464 reports.
enum class OtherBounces {
  kIgnore,   // nothing
  kExplain,  // a short explanation is put above their text
};
template <>
inline constexpr auto kIds<OtherBounces> = ids_to<OtherBounces::kExplain>("ignore", "explain");

// What readers who are none of the house get (readers.h).
enum class OutsideReaders {
  kNeutral,  // a notice that speaks of the house as of somebody else, without its help desk
  kLeave,    // the message as the MTA made it
};
template <>
inline constexpr auto kIds<OutsideReaders> = ids_to<OutsideReaders::kLeave>("neutral", "leave");

// Where answers to a rewritten bounce go.
enum class ReplyTo {
  kKeep,      // wherever they went: mostly nowhere
  kHelpDesk,  // to the e-mail address that the notice names as the house's
};
template <>
inline constexpr auto kIds<ReplyTo> = ids_to<ReplyTo::kHelpDesk>("keep", "help");

// Which messages may be rewritten, and how.
struct Policy {
  std::vector<std::string> trusted;             // addresses and CIDR networks
  std::vector<std::string> machine_recipients;  // glob patterns (fnmatch), ASCII case ignored
  bool rewrite_signed = false;                  // also where a signature would break
  std::size_t max_recipients = 1000;            // reports on more are left alone
  SubjectMode subject_mode = SubjectMode::kRewrite;
  ReplyTo reply_to = ReplyTo::kKeep;
  OtherBounces other_bounces = OtherBounces::kIgnore;
  std::vector<std::string> own_domains;  // of readers of the house; empty: by the MTA's name
  OutsideReaders outside = OutsideReaders::kNeutral;

  static Policy defaults();
  bool operator==(const Policy&) const = default;
};

// Why a message is left alone. Each has a stable id for the log: "not-a-report".
enum class LeaveReason {
  kNone,  // it is rewritten
  kSenderNotNull,
  kUntrustedClient,
  kMachineRecipient,
  kNotAReport,
  kAlreadyRewritten,
  kSigned,
  kPostmasterCopy,
  kAddressProbe,  // the answer to `sendmail -bv`
  kTooManyRecipients,
  kNoRecipients,  // no per-recipient block: nothing to explain
  kNoFirstPart,   // no safe place for the edit
  kOutsideReader,
  kStopped,  // there was no time for it
};
template <>
inline constexpr auto kIds<LeaveReason> = ids_to<LeaveReason::kStopped>(
    "none", "sender-not-null", "untrusted-client", "machine-recipient", "not-a-report",
    "already-rewritten", "signed", "postmaster-copy", "address-probe", "too-many-recipients",
    "no-recipients", "no-first-part", "outside-reader", "stopped");

// What is done with a message, in this order.
enum class WorkStage { kReading, kJudging, kWriting, kSplicing };
template <>
inline constexpr auto kIds<WorkStage> = ids_to<WorkStage::kSplicing>("reading", "judging",
                                                                     "writing", "splicing");

// Why a message is left alone, and what exactly made it so.
struct Decision {
  LeaveReason reason = LeaveReason::kNone;
  // For the log; no address of a person. By reason: the client's IP address; the pattern of
  // Policy::machine_recipients; Report::signature; how many recipients; the id of the WorkStage
  // that was stopped; else the id of a Doubt. Empty: the reason says it all.
  std::string detail;
};

struct Rewrite {
  LeaveReason reason = LeaveReason::kNone;
  std::string detail;  // as Decision's
  Report report;
  Diagnosis diagnosis;       // empty unless the message is rewritten
  std::string language;      // of the notice; empty: none written
  std::optional<Edit> edit;  // exactly where reason is kNone
};

// What is loaded at start and shared by every message.
struct Resources {
  Knowledge knowledge;
  Catalogue catalogue;
};

// What the envelope alone decides, before the message is read; kNone: read on.
Decision judge_envelope(const Envelope& envelope, const Policy& policy);

// Is this client address in one of the policy's trusted networks? An empty address is.
bool is_trusted(std::string_view client_address, const Policy& policy);

// Thread-safe. Total as far as its inputs go; only running out of memory throws. Once a stop is
// requested (lib/base/stop.h), it soon returns without an edit: kStopped.
Rewrite rewrite(std::string_view message, const Envelope& envelope, const Policy& policy,
                const House& house, const Resources& resources, const std::stop_token& stop = {});

// "0.1.0"
std::string_view version();

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REWRITE_H_

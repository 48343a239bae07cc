// What became of one message -> one log line.
#ifndef PLAINBOUNCE_MILTER_MESSAGE_RECORD_H_
#define PLAINBOUNCE_MILTER_MESSAGE_RECORD_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/enum_ids.h"
#include "lib/rewrite.h"
#include "lib/workshop/unmatched.h"

namespace plainbounce {

enum class Result {
  kRewritten,
  kObserved,    // it would have been, but plainbounce only observes
  kLeftAlone,   // it isn't for us to rewrite
  kFailedOpen,  // it may have been, but something unforeseen kept us from it
};
template <>
inline constexpr auto kIds<Result> = ids_to<Result::kFailedOpen>("rewritten", "observed",
                                                                 "left-alone", "failed-open");

// What was unforeseen.
enum class FailOpenReason {
  kTimeBudget,    // it took longer than time_budget
  kFailedBefore,  // a worker or all of plainbounce died over it, or it took too long
  kWorkerDied,    // `detail` says how
  kNoWorker,      // all were busy till its time was over, or none could be started
  kOutOfMemory,
  kNoEndOfHeader,   // the MTA never told it
  kEditOutOfRange,  // what rewrite() wants replaced isn't in the body
  kMtaRefusedEdit,
  kMtaSilent,     // it said nothing in the middle of the message for longer than max_silence
  kManySessions,  // more than max_sessions
  kException,     // `detail` says which
};
template <>
inline constexpr auto kIds<FailOpenReason> = ids_to<FailOpenReason::kException>(
    "time-budget", "failed-before", "worker-died", "no-worker", "out-of-memory", "no-end-of-header",
    "edit-out-of-range", "mta-refused-edit", "mta-silent", "many-sessions", "exception");

// What became of one recipient's copy: cause and outcome ids.
struct Fate {
  std::string_view cause;
  std::string_view outcome;
};

// What reading, judging and writing found out, as far as the log and the metrics tell it.
struct Findings {
  std::size_t recipients = 0;              // that the report tells of
  std::vector<Fate> fates;                 // one for each of them
  std::vector<std::string_view> causes;    // ids, each once, in the order of the report
  std::vector<std::string_view> outcomes;  // likewise
  // Of the first recipient with each of `causes`, in their order: the confidence, and what decided
  // ("rule:exim-unrouteable", "status:5.1.1").
  std::vector<std::string_view> confidences;
  std::vector<std::string> evidence;
  // The servers that refused or deferred, as the report names them, in lower case: host names and
  // IP addresses only, each once, at most five of at most 100 bytes.
  std::vector<std::string> hosts;
  std::vector<UnmatchedReply> unmatched;  // replies that no rule knows, each wording once
  std::string language;                   // of the notice; empty: none written
};

struct MessageRecord : Findings {
  std::string queue_id;         // the MTA's; empty: not told
  bool sender_is_null = false;  // otherwise it can't be a DSN, and is of no interest
  Result result = Result::kLeftAlone;
  std::string reason;  // stable id; empty where rewritten: a LeaveReason's, "too-large", or
                       // a FailOpenReason's
  std::string detail;  // what exactly made it so: Decision::detail, or what an exception says;
                       // empty: none
  std::chrono::microseconds time{0};  // spent at the end of the message
  std::size_t bytes = 0;              // of the message as far as it was received
};

// Takes over what a Rewrite tells.
void note_rewrite(const Rewrite& rewrite, Findings& findings);

// "queue_id=4D2F31 result=rewritten reason=- recipients=2 causes=mailbox-full,recipient-unknown
// outcomes=failed language=en ms=1.9 bytes=5120 hosts=mx.example.net confidence=certain,likely
// evidence=rule:mailbox-full,status:5.1.1", always these keys in this order, then detail="..."
// where there is one. One line whatever the values hold: control characters, quotes and bytes that
// aren't ASCII are escaped (\x0a), and long values cut. cli/log_line.h reads it.
std::string format_record(const MessageRecord& record);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_MESSAGE_RECORD_H_

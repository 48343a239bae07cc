// A reply that no rule knows <-> one line for the log, from which a rule can be made.
#ifndef PLAINBOUNCE_LIB_WORKSHOP_UNMATCHED_H_
#define PLAINBOUNCE_LIB_WORKSHOP_UNMATCHED_H_

#include <optional>
#include <string>
#include <string_view>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {

struct UnmatchedReply {
  std::string key;  // the same for every reply with this wording
  // `examples = [{ text = "...", host = "..." }]`, as it can stand in a rule: TOML in printable
  // ASCII, at most some 4 KiB. Of the reply it has its wording alone (wording_shape()).
  std::string line;
};

// Nothing: a rule decided, there was no reply, or nothing failed.
std::optional<UnmatchedReply> unmatched_reply(const RecipientDiagnosis& diagnosis);

// A server's name or IP address, in small letters and without the root's dot. Empty: it is neither,
// and may be anything, a person's address too.
std::string host_to_tell(std::string_view remote_host);

// The same for all replies with one wording, as rules hear it (HeardText), whatever stands around
// it and however it was pasted (hear_pasted()).
std::string wording_key(std::string_view reply);

// What stands before UnmatchedReply::line in the log.
inline constexpr std::string_view kUnmatchedMark = "unmatched: ";

// The example in a line of the log, whatever stands before kUnmatchedMark. Nothing: there is none.
std::optional<RuleExample> read_unmatched(std::string_view log_line);

// `text` (UTF-8) as a TOML string in double quotes. Control and invisible characters are escaped;
// `ascii`: everything that isn't printable ASCII.
std::string toml_string(std::string_view text, bool ascii);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_WORKSHOP_UNMATCHED_H_

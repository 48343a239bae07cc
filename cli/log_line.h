// A line of a mail log -> what plainbounce-milter said in it. The other side of format_record()
// (milter/message_record.h) and of kUnmatchedMark (lib/workshop/unmatched.h).
#ifndef PLAINBOUNCE_CLI_LOG_LINE_H_
#define PLAINBOUNCE_CLI_LOG_LINE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace plainbounce {

// Views of the line that was read; valid as long as it is. Every text is printable ASCII without
// blanks and quotes, but `detail` may hold blanks.
struct LoggedRecord {
  std::string_view result;
  std::string_view reason;  // empty: none
  std::uint64_t recipients = 0;
  std::vector<std::string_view> causes;
  std::vector<std::string_view> outcomes;
  std::string_view language;  // empty: no notice was written
  double milliseconds = 0;    // never negative or infinite
  // Empty, too, where an older version wrote the line:
  std::vector<std::string_view> hosts;
  std::vector<std::string_view> confidences;  // of `causes`, in their order
  std::vector<std::string_view> evidence;     // likewise
  std::string_view detail;                    // as it stands between its quotes, escapes and all
};

// What the daemon logged, without what came before it: a time, the level, the name that syslog or
// the journal put there ("Nov 22 03:40:32 mx plainbounce-milter[7]: info: ", "MESSAGE="). Nothing:
// another program's line, even one that quotes ours.
std::optional<std::string_view> message_of(std::string_view line);

// Does the message begin as a record does?
bool is_record(std::string_view message);

// Nothing: a key is missing, stands elsewhere than format_record() puts it, or its value can't be
// read. Keys after those that are known are passed over.
std::optional<LoggedRecord> read_record(std::string_view message);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_LOG_LINE_H_

// What SMTP reply codes and enhanced status codes mean: the tables of reply-codes.tsv and
// status-codes.tsv.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_CODES_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_CODES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/enum_ids.h"
#include "lib/knowledge/cause.h"
#include "lib/reply/enhanced_status.h"

namespace plainbounce {

// How far a code may be believed when nothing else speaks.
enum class Reliability {
  kReliable,    // names its cause on its own
  kMostly,      // usually right; wording beats it
  kOverloaded,  // used for many things: no more than a hint
};
template <>
inline constexpr auto kIds<Reliability> = ids_to<Reliability::kOverloaded>("reliable", "mostly",
                                                                           "overloaded");

// Of a cell of a table of codes. Throws DataError: no such reliability.
Reliability read_reliability(std::string_view word, std::string_view file, int line);

enum class ReplyKind {
  kSuccess,       // 2yz
  kIntermediate,  // 3yz
  kTemporary,     // 4yz
  kPermanent,     // 5yz
  kClient,        // no reply at all: a number that a client or operating system shows (101, 111)
};
template <>
inline constexpr auto kIds<ReplyKind> = ids_to<ReplyKind::kClient>("success", "intermediate",
                                                                   "temporary", "permanent",
                                                                   "client");

// One row of reply-codes.tsv.
struct ReplyCodeEntry {
  int code = 0;
  ReplyKind kind = ReplyKind::kPermanent;
  std::string meaning;         // a few words
  std::string explanation;     // one to three sentences for a help desk
  std::string standard;        // the RFC, or "non-standard"
  std::optional<Cause> cause;  // what it points at when it ended a delivery; none: never does
  Reliability reliability = Reliability::kOverloaded;
};

// One row of status-codes.tsv.
struct StatusCodeEntry {
  int status_class = 0;  // 0: any ("X.1.1")
  int subject = 0;
  int detail = 0;
  int last_detail = 0;      // end of a range ("4.7.500-699"); as `detail` where the row is one code
  std::string provider;     // id in providers.toml; empty: the general (IANA) meaning
  std::string meaning;      // a few words
  std::string explanation;  // one to three sentences for a help desk
  std::string standard;     // the RFC, or "vendor"
  std::optional<Cause> cause;
  std::optional<Cause> cause_if_temporary;  // for class 4, where it differs
  Reliability reliability = Reliability::kOverloaded;

  // "X.1.1", "5.7.26" or "4.7.500-699"
  std::string code() const;
  // The cause for a code of this class: cause_if_temporary where class 4 has its own.
  std::optional<Cause> cause_for_class(int klass) const;
};

class CodeTables {
 public:
  // Parse the files' text. Throw DataError with file, line and column.
  void load_reply_codes(std::string_view file, std::string_view tsv);
  void load_status_codes(std::string_view file, std::string_view tsv);

  const ReplyCodeEntry* reply_code(int code) const;  // null: not in the table

  // Every row for that code, the provider's own (if `provider` isn't empty) first, then the general
  // one; within these exact class before "X", and then the file's order. A provider's range is left
  // out where it has a row for the very code. Rows of other providers aren't among them.
  std::vector<const StatusCodeEntry*> status_code(const EnhancedStatus& status,
                                                  std::string_view provider) const;
  // Every row for that code, whoever's.
  std::vector<const StatusCodeEntry*> all_meanings(const EnhancedStatus& status) const;

  // Is a reply code without dots really an enhanced code that lost them ("523" = 5.2.3)? Nothing
  // for codes that RFC 5321 assigns itself.
  static std::optional<EnhancedStatus> undotted(int code);

  const std::map<int, ReplyCodeEntry>& reply_codes() const { return reply_codes_; }
  const std::vector<StatusCodeEntry>& status_codes() const { return status_codes_; }

 private:
  std::map<int, ReplyCodeEntry> reply_codes_;
  std::vector<StatusCodeEntry> status_codes_;
  std::multimap<std::pair<int, int>, std::size_t> by_detail_;  // (subject, detail) -> index
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_CODES_H_

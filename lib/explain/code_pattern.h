// What somebody asks about ("550", "5.7", "4.x.x") -> the rows of the code tables that are meant.
#ifndef PLAINBOUNCE_LIB_EXPLAIN_CODE_PATTERN_H_
#define PLAINBOUNCE_LIB_EXPLAIN_CODE_PATTERN_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/knowledge/codes.h"

namespace plainbounce {

// In the order of the tables.
struct CodeRows {
  std::vector<const ReplyCodeEntry*> replies;
  std::vector<const StatusCodeEntry*> statuses;

  bool empty() const { return replies.empty() && statuses.empty(); }
};

class CodePattern {
 public:
  // "550", "55x", "5xx": reply codes. "5": the class, of both kinds. "5.7.26", "X.7.1", "4.x.x",
  // "5.7", "4.7.500-699": enhanced codes; "x" in either case stands for any number. Nothing:
  // another form.
  static std::optional<CodePattern> parse(std::string_view text);

  // Is one code asked for, whatever its class? Otherwise it is a group of them.
  bool is_exact() const;

  // Empty: no code like that is known. For one code, also what it may have been meant for: the
  // enhanced code of a reply code that lost its dots (523), the reply code of an enhanced code that
  // doesn't exist (5.0.3).
  CodeRows find(const CodeTables& tables) const;

 private:
  bool fits(const ReplyCodeEntry& row) const;
  bool fits(const StatusCodeEntry& row) const;
  CodeRows find_group(const CodeTables& tables) const;
  bool has_a_class() const;
  bool set_range_end(std::string_view text);  // of the detail; false: it ends before it starts

  bool of_reply_codes_ = false;
  bool of_status_codes_ = false;
  // The digits of a reply code, or class, subject and detail; nothing: any.
  std::array<std::optional<int>, 3> parts_;
  int last_detail_ = 0;  // of a range; otherwise the detail
};

// Every row of the tables.
CodeRows all_rows(const CodeTables& tables);

// Other codes for the same causes, as far as codes can be believed: "5.1.1", "550". Each once, at
// most 12.
std::vector<std::string> related_codes(const CodeRows& rows, const CodeTables& tables);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_EXPLAIN_CODE_PATTERN_H_

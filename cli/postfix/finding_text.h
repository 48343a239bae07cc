// findings.toml: a finding -> the words in which an administrator reads it.
#ifndef PLAINBOUNCE_CLI_POSTFIX_FINDING_TEXT_H_
#define PLAINBOUNCE_CLI_POSTFIX_FINDING_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "cli/postfix/findings.h"
#include "lib/base/enum_ids.h"

namespace plainbounce {

enum class Severity {
  kDanger,   // mail can be lost, stuck, refused or damaged
  kMissing,  // bounces stay unexplained
  kHint,     // works; could be better
};
template <>
inline constexpr auto kIds<Severity> = ids_to<Severity::kHint>("danger", "missing", "hint");

// One entry of findings.toml; in a finding's own text every {{NAME}} is replaced.
struct FindingText {
  std::string id;
  Severity severity = Severity::kHint;
  std::string what;  // is the case; one sentence or two
  std::string why;   // it matters
  std::string fix;   // what to do; lines to paste stand on lines of their own
};

// All that are compiled in, in the file's order. Throws DataError where the file is wrong.
std::vector<FindingText> finding_texts();

// The texts of these findings with their values, the worst first, else in the order given. `common`
// holds values for all of them. Throws DataError for a finding that has no text.
std::vector<FindingText> describe(const std::vector<Finding>& findings,
                                  const PostfixParameters& common);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_FINDING_TEXT_H_

// Diagnosis of a bare reply or code -> an explanation for a help desk.
#ifndef PLAINBOUNCE_LIB_EXPLAIN_EXPLAIN_H_
#define PLAINBOUNCE_LIB_EXPLAIN_EXPLAIN_H_

#include <string>
#include <string_view>

#include "lib/base/enum_ids.h"
#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/catalogue.h"

namespace plainbounce {

// What a reply is about, by its codes.
enum class ReplyNature {
  kFailure,       // refused or put off (4yz, 5yz), or no code but words
  kSuccess,       // 2yz
  kIntermediate,  // 3yz: the server waits for more
  kClient,        // no reply at all: what a mail program or an operating system shows (101, 111)
  kNoCode,        // only looks like a code ("5..1.1", "999")
};
template <>
inline constexpr auto kIds<ReplyNature> = ids_to<ReplyNature::kNoCode>("failure", "success",
                                                                       "intermediate", "client",
                                                                       "no-code");

struct Explanation {
  ReplyNature nature = ReplyNature::kFailure;
  std::string text;  // UTF-8, wrapped to 72 columns, lines end LF
};

// `diagnosis` is diagnose_text(); `language` BCP 47. What the codes mean, then, for a failure, what
// happened, whose turn it is, what to do and what the administrator should check. Of what is no
// code: that, and what the nearest code means. Total.
Explanation explain(const RecipientDiagnosis& diagnosis, const Knowledge& knowledge,
                    const Catalogue& catalogue, std::string_view language);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_EXPLAIN_EXPLAIN_H_

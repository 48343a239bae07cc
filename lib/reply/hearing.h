// The replies of one delivery -> what there is to judge by.
#ifndef PLAINBOUNCE_LIB_REPLY_HEARING_H_
#define PLAINBOUNCE_LIB_REPLY_HEARING_H_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/reply/enhanced_status.h"
#include "lib/reply/heard_text.h"
#include "lib/reply/reply.h"

namespace plainbounce {

// All that rules, codes and facts are asked of.
struct Hearing {
  Reply reply;  // the most trusted one; code, stage and host from the next where it has none
  std::optional<EnhancedStatus> status;  // the most telling one: the reply's own, else the report's
  std::vector<HeardText> texts;          // where rules look, in order of trust; none is empty
};

// What a report's Status field tells (RFC 3464 section 2.3.4).
struct StatusField {
  std::optional<EnhancedStatus> status;
  std::string_view comment;  // "(Over quota)"; empty: none
};

// `replies` in order of trust, as RecipientReport::replies. Total.
Hearing hear(std::span<const Reply> replies, const StatusField& field);

// A bare reply or code, as somebody pastes it from a log: "550 5.1.1 ...", "5.7.26", "421"; or from
// a mail's source, in encoded words or quoted-printable (pasted_text.h).
Hearing hear_pasted(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_HEARING_H_

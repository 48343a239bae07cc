// Whose server a delivery ended at: what every sentence that names a side goes by.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_SIDE_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_SIDE_H_

#include <string_view>

#include "lib/base/enum_ids.h"
#include "lib/knowledge/cause.h"
#include "lib/knowledge/facts.h"
#include "lib/knowledge/knowledge.h"

namespace plainbounce {

// Whose answer, rule, limit or fault it is that a diagnosis tells of.
enum class Side {
  kOurs,     // a server of the house whose server wrote the report
  kTheirs,   // another server, which is named
  kUnknown,  // nobody is named, or it could be either
};
template <>
inline constexpr auto kIds<Side> = ids_to<Side::kUnknown>("ours", "theirs", "unknown");

// Who may have spoken. Any of them may be empty: not told.
struct SpeakerSigns {
  std::string_view reporting_mta;    // who wrote the report
  std::string_view diagnostic_type;  // "smtp", "x-postfix", "x-unix", ...; lower case
  bool has_code = false;             // a server's reply is quoted
};

// `facts`: of the host that is named, by Remote-MTA or in the reply ("host X said", "of server X"),
// and of its provider. A host is ours where it is among own_hosts of the conf, of the reporting
// server's own registered domain, or reached only from the own network; a known provider's is ours
// only by the conf. Where none is named, a report's own words ("X-Postfix; ...") are ours, unless
// the cause is about the next server.
Side side_of(const SpeakerSigns& signs, const Facts& facts, const CauseEntry& cause,
             const Knowledge& knowledge);

// Who can act when it has failed there. Where nobody knows whose server it was, the administrator
// whom the reader can ask is sent, who can tell.
Actor actor_of(const CauseEntry& cause, Side side);

// Is waiting alone not likely to help mail that is still tried: since the answer is a lasting one,
// or by the nature of its cause? `told_class`: of the reply (reply.h); `actor`: who can act.
bool needs_action(bool unsure, int told_class, Actor actor, const CauseEntry& cause);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_SIDE_H_

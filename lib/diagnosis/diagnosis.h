// Why each recipient's delivery ended as it did. Made by diagnose() (diagnose.h).
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSIS_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSIS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/enum_ids.h"
#include "lib/diagnosis/evidence.h"
#include "lib/diagnosis/side.h"
#include "lib/knowledge/cause.h"
#include "lib/knowledge/facts.h"
#include "lib/report/report.h"

namespace plainbounce {

// How sure the cause is. `certain` is a promise.
enum class Confidence { kCertain, kLikely, kUnsure };
template <>
inline constexpr auto kIds<Confidence> = ids_to<Confidence::kUnsure>("certain", "likely", "unsure");

struct RecipientDiagnosis {
  std::string address;  // the one that the sender used where the message shows it, else the final
                        // recipient
  std::string final_recipient;  // RFC 3464 section 2.3.2, else `address`
  Action action = Action::kNone;
  std::optional<EnhancedStatus>
      status;  // the most telling one: the reply's own, else the Status field
  Reply reply;
  Outcome outcome = Outcome::kFailed;
  Cause cause = Cause::kUnexplained;
  Side side = Side::kUnknown;
  Actor actor = Actor::kSender;
  Confidence confidence = Confidence::kUnsure;
  Evidence evidence;  // what decided the cause
  Facts facts;
};

struct Diagnosis {
  std::vector<RecipientDiagnosis> recipients;  // one for each of Report::recipients, in order
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_DIAGNOSIS_H_

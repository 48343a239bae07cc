// Diagnosis -> groups of recipients about whom the same can be said.
#ifndef PLAINBOUNCE_LIB_NOTICE_GROUPS_H_
#define PLAINBOUNCE_LIB_NOTICE_GROUPS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "lib/diagnosis/diagnosis.h"

namespace plainbounce {

// Recipients with the same cause, outcome and actor; and, where nobody can tell the cause, with the
// same reply but for the address in it.
struct RecipientGroup {
  Cause cause = Cause::kUnexplained;  // what is told: kUnexplained where the diagnosis is unsure,
                                      // the outcome's own where it is a success
  Outcome outcome = Outcome::kFailed;
  Actor actor = Actor::kSender;                 // kNobody for successes
  Confidence confidence = Confidence::kUnsure;  // the lowest among them

  std::vector<std::size_t> members;    // indices into Diagnosis::recipients, ascending
  std::vector<std::string> addresses;  // theirs, each once
  Facts facts;                         // what all of them share; the rest is absent
  Reply reply;                         // of its code, status, stage and host what all share; the
                                       // text is the first one's

  std::string domain;  // lower case, where all have the same; else empty
};

bool is_success(Outcome outcome);  // delivered, relayed, expanded

// Is it the sender's own side that refuses with this cause, even where another server gave the
// reply? Then that server is one that the sender's mail goes out through.
bool is_own_side(Cause cause);

// At least one group unless there are no recipients. Failures first, then delays, then successes;
// within these by first appearance.
std::vector<RecipientGroup> group_recipients(const Diagnosis& diagnosis);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_GROUPS_H_

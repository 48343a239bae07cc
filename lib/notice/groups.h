// Diagnosis -> groups of recipients about whom the same can be said.
#ifndef PLAINBOUNCE_LIB_NOTICE_GROUPS_H_
#define PLAINBOUNCE_LIB_NOTICE_GROUPS_H_

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/cause.h"
#include "lib/report/report.h"

namespace plainbounce {

// Recipients with the same cause, outcome, side and actor, and all or none of them passed on; and,
// where nobody can tell the cause, with the same reply but for the address in it.
struct RecipientGroup {
  Cause cause = Cause::kUnexplained;    // what is told: kUnexplained where the diagnosis is unsure,
                                        // the outcome's own where it is a success
  Cause told_as = Cause::kUnexplained;  // whose texts the reader gets: `cause`, or another where
                                        // our own side is at fault
  Outcome outcome = Outcome::kFailed;
  Actor actor = Actor::kSender;                 // kNobody for successes; the recipient where mail
                                                // is passed on to an address that doesn't work
  Confidence confidence = Confidence::kUnsure;  // the lowest among them

  std::vector<std::size_t> members;    // indices into Diagnosis::recipients, ascending
  std::vector<std::string> addresses;  // theirs, as the sender wrote them, each once
  // Where mail to them is passed on to, and what happened there is what is told. Empty: nowhere.
  std::vector<std::string> passed_on_to;

  Facts facts;  // what all of them share; the rest is absent
  Reply reply;  // of its code, status, stage and host what all share; the
                // text is the first one's

  std::string domain;  // of passed_on_to, else of addresses; canonical (address.h), where all have
                       // the same; else empty

  Side side = Side::kUnknown;
  bool own_fault = false;       // our own side is at fault
  bool claimed = false;         // another server says it of the sender's own account
  bool broken_forward = false;  // it is about the address to which mail was passed on, which the
                                // sender never wrote
};

bool is_success(Outcome outcome);  // delivered, relayed, expanded

// At least one group unless there are no recipients. Failures first, then delays, then successes;
// within these by first appearance.
std::vector<RecipientGroup> group_recipients(const Diagnosis& diagnosis, const CauseTable& causes,
                                             const Report& report = Report(),
                                             const std::stop_token& stop = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_GROUPS_H_

// The three-party line: the sender -> our mail service -> theirs.
#include "lib/notice/compose_path.h"

#include <fmt/format.h>

#include "lib/notice/compose.h"
#include "lib/notice/group_arguments.h"

namespace plainbounce {
namespace {

// Whose place on the way the message was stopped at, or waits for.
enum class Place { kNowhere, kOurs, kBetween, kTheirs };

Place place_of(const RecipientGroup& group, const CauseEntry& cause) {
  if (is_success(group.outcome)) return Place::kNowhere;
  if (group.side == Side::kTheirs) return Place::kTheirs;
  // Where our own side is at fault it is told as that, whatever the cause is about.
  if (group.own_fault) return Place::kOurs;
  if (cause.at_end) return Place::kTheirs;
  if (group.side == Side::kOurs) return Place::kOurs;
  return group.outcome == Outcome::kDelayed ? Place::kOurs : Place::kBetween;
}

// What stopped it, in a few words; while it is tried, what keeps it waiting.
std::string note_of(const RecipientGroup& group, const CauseEntry& cause, const Sources& sources) {
  const bool is_delayed = group.outcome == Outcome::kDelayed;
  // An address that is refused for now may exist all the same.
  const bool may_be_wrong = is_delayed && cause.about_address && !cause.lasting;
  const bool is_told = !may_be_wrong && !(is_delayed && group.side == Side::kUnknown);
  const CauseEntry& told = sources.knowledge.cause(group.told_as);
  if (!is_told) return sources.speaker.say("path.waiting");
  std::string_view fault = told.fault;
  // What another server says of the reader's own account isn't known to be so.
  if (group.claimed) fault = "refused";
  if (group.confidence == Confidence::kUnsure) fault = "unclear";
  return sources.speaker.say(fmt::format("fault.{}", fault));
}

}  // namespace

std::vector<PathStop> compose_path(const RecipientGroup& group, const Sources& sources,
                                   const Arguments& arguments) {
  const Speaker& speaker = sources.speaker;
  const CauseEntry& cause = sources.knowledge.cause(group.cause);
  const Place place = place_of(group, cause);
  PathStop ours = {speaker.say("path.ours", arguments), PathMark::kPassed, ""};
  PathStop theirs = {speaker.say("path.theirs", arguments), PathMark::kNone, ""};
  if (place == Place::kNowhere) {
    theirs.mark = PathMark::kPassed;
    theirs.note =
        speaker.say(group.outcome == Outcome::kRelayed ? "path.passed_on" : "path.arrived");
  } else {
    PathStop& end = place == Place::kTheirs ? theirs : ours;
    if (place == Place::kBetween) end.name = speaker.say("path.between", arguments);
    end.mark = group.outcome == Outcome::kDelayed ? PathMark::kWaiting : PathMark::kStopped;
    end.note = note_of(group, cause, sources);
  }
  return {{speaker.say("path.you"), PathMark::kPassed, ""}, ours, theirs};
}

}  // namespace plainbounce

// The three-party line: the sender -> our mail service -> theirs.
#include "lib/notice/compose_path.h"

#include "lib/notice/compose.h"
#include "lib/notice/group_arguments.h"

namespace plainbounce {
namespace {

struct Marks {
  PathMark ours = PathMark::kPassed;
  PathMark theirs = PathMark::kPassed;
};

Marks marks_of(const RecipientGroup& group, const CauseEntry& cause) {
  if (is_success(group.outcome)) return {};
  if (group.outcome == Outcome::kDelayed) return {PathMark::kWaiting, PathMark::kNone};
  if (group.side == Side::kOurs) return {PathMark::kStopped, PathMark::kNone};
  // Nobody knows at which of the two it ended, unless it is about the address itself.
  const bool is_known = group.side == Side::kTheirs || cause.of_next || cause.about_address;
  if (!is_known) return {PathMark::kNone, PathMark::kNone};
  return {PathMark::kPassed, PathMark::kStopped};
}

std::string note_of_ours(PathMark mark, const Speaker& speaker) {
  if (mark == PathMark::kStopped) return speaker.say("path.stopped");
  return mark == PathMark::kWaiting ? speaker.say("path.waiting") : std::string();
}

// Some causes are found out before anybody has answered.
std::string note_of_theirs(PathMark mark, const RecipientGroup& group, const CauseEntry& cause,
                           const Speaker& speaker) {
  if (mark == PathMark::kPassed) {
    return speaker.say(group.outcome == Outcome::kRelayed ? "path.passed_on" : "path.arrived");
  }
  if (mark != PathMark::kStopped) return {};
  const bool answered = group.reply.code != 0 && group.side == Side::kTheirs;
  if (cause.before_answer && !answered) return speaker.say("path.not_reached");
  return group.side == Side::kTheirs ? speaker.say("path.stopped") : std::string();
}

}  // namespace

std::vector<PathStop> compose_path(const RecipientGroup& group, const Sources& sources,
                                   const Arguments& arguments) {
  const Speaker& speaker = sources.speaker;
  const CauseEntry& cause = sources.knowledge.cause(group.cause);
  const Marks marks = marks_of(group, cause);
  return {
      {speaker.say("path.you"), PathMark::kPassed, ""},
      {speaker.say("path.ours", arguments), marks.ours, note_of_ours(marks.ours, speaker)},
      {speaker.say("path.theirs", arguments), marks.theirs,
       note_of_theirs(marks.theirs, group, cause, speaker)},
  };
}

}  // namespace plainbounce

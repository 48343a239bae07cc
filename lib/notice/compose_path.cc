// The three-party line: the sender -> our mail service -> theirs.
#include "lib/notice/compose_path.h"

#include "lib/notice/compose.h"
#include "lib/notice/group_arguments.h"

namespace plainbounce {
namespace {

// Did the message get as far as the recipient's side? Some causes are found out by our own side, or
// before anybody answered.
bool reached_their_side(const RecipientGroup& group, const CauseEntry& cause) {
  if (cause.own_side || group.own_fault) return false;
  const bool answered = group.reply.code != 0 && !group.facts.remote_host.empty();
  return answered || !cause.before_answer;
}

struct Marks {
  PathMark ours = PathMark::kPassed;
  PathMark theirs = PathMark::kPassed;
};

Marks marks_of(const RecipientGroup& group, const CauseEntry& cause) {
  if (is_success(group.outcome)) return {};
  if (group.outcome == Outcome::kDelayed) return {PathMark::kWaiting, PathMark::kNotReached};
  if (reached_their_side(group, cause)) return {PathMark::kPassed, PathMark::kStopped};
  return {PathMark::kStopped, PathMark::kNotReached};
}

std::string note(PathMark mark, bool last, Outcome outcome, const Speaker& speaker) {
  if (mark == PathMark::kStopped) return speaker.say("path.stopped");
  if (mark == PathMark::kWaiting) return speaker.say("path.waiting");
  if (mark != PathMark::kPassed || !last) return {};
  return speaker.say(outcome == Outcome::kRelayed ? "path.passed_on" : "path.arrived");
}

}  // namespace

std::vector<PathStop> compose_path(const RecipientGroup& group, const Sources& sources,
                                   const Arguments& arguments) {
  const Speaker& speaker = sources.speaker;
  const Marks marks = marks_of(group, sources.knowledge.cause(group.cause));
  return {
      {speaker.say("path.you"), PathMark::kPassed, ""},
      {speaker.say("path.ours", arguments), marks.ours,
       note(marks.ours, false, group.outcome, speaker)},
      {speaker.say("path.theirs", arguments), marks.theirs,
       note(marks.theirs, true, group.outcome, speaker)},
  };
}

}  // namespace plainbounce

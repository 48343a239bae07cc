// The three-party line: the sender -> our mail service -> theirs.
#include "lib/notice/compose_path.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

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

// Why it ended, where that is known. Where it waits for the other side, that is told at the other
// side.
std::string halt_of(const RecipientGroup& group, const Sources& sources) {
  const std::optional<Halt> halt = sources.knowledge.cause(group.told_as).halt;
  if (!halt || group.confidence == Confidence::kUnsure) return {};
  return sources.speaker.say(fmt::format("halt.{}", id_of(*halt)));
}

std::string first_of(std::string first, std::string second) {
  return first.empty() ? std::move(second) : std::move(first);
}

std::string note_of_ours(PathMark mark, const RecipientGroup& group, const Sources& sources) {
  if (mark == PathMark::kWaiting) return sources.speaker.say("path.waiting");
  if (mark != PathMark::kStopped) return {};
  return first_of(halt_of(group, sources), sources.speaker.say("path.stopped"));
}

// Some causes are found out before anybody has answered.
std::string note_of_theirs(PathMark mark, const RecipientGroup& group, const CauseEntry& cause,
                           const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  const bool is_theirs = group.side == Side::kTheirs;
  if (mark == PathMark::kPassed) {
    return speaker.say(group.outcome == Outcome::kRelayed ? "path.passed_on" : "path.arrived");
  }
  const bool is_waited_for = group.outcome == Outcome::kDelayed && (is_theirs || cause.of_next);
  if (mark != PathMark::kStopped && !is_waited_for) return {};
  std::string halt = halt_of(group, sources);
  if (!halt.empty() || mark != PathMark::kStopped) return halt;
  const bool answered = group.reply.code != 0 && is_theirs;
  if (cause.before_answer && !answered) return speaker.say("path.not_reached");
  return is_theirs ? speaker.say("path.stopped") : std::string();
}

}  // namespace

std::vector<PathStop> compose_path(const RecipientGroup& group, const Sources& sources,
                                   const Arguments& arguments) {
  const Speaker& speaker = sources.speaker;
  const CauseEntry& cause = sources.knowledge.cause(group.cause);
  const Marks marks = marks_of(group, cause);
  return {
      {speaker.say("path.you"), PathMark::kPassed, ""},
      {speaker.say("path.ours", arguments), marks.ours, note_of_ours(marks.ours, group, sources)},
      {speaker.say("path.theirs", arguments), marks.theirs,
       note_of_theirs(marks.theirs, group, cause, sources)},
  };
}

}  // namespace plainbounce

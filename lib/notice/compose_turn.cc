#include "lib/notice/compose_turn.h"

#include <fmt/format.h>

#include "lib/diagnosis/side.h"

namespace plainbounce {

Writer told_writer(const RecipientGroup& group, const Sources& sources) {
  return is_success(group.outcome) ? Writer::kPerson : sources.report.returned.writer;
}

std::string writer_key(Writer writer, std::string_view name) {
  return fmt::format("writer.{}.{}", id_of(writer), name);
}

namespace {

std::string key(std::string_view table, std::string_view row, std::string_view name) {
  return fmt::format("{}.{}.{}", table, row, name);
}

// Who can help mail along that is still being tried. Whoever it is doesn't have to.
Actor actor_while_delayed(const RecipientGroup& group, const Sources& sources) {
  if (group.confidence == Confidence::kUnsure) return Actor::kNobody;
  if (group.broken_forward) return group.actor;
  return actor_of(sources.knowledge.cause(group.cause), group.side);
}

// Is it told like any other delay, which passes by itself?
bool is_waiting(const RecipientGroup& group, const Sources& sources) {
  return group.outcome == Outcome::kDelayed &&
         !needs_action(group.confidence == Confidence::kUnsure, told_class(group.reply),
                       actor_while_delayed(group, sources), sources.knowledge.cause(group.cause));
}

Actor actor_now(const RecipientGroup& group, const Sources& sources) {
  const bool is_told_by_cause =
      group.outcome == Outcome::kDelayed && group.confidence != Confidence::kUnsure;
  return is_told_by_cause ? actor_while_delayed(group, sources) : group.actor;
}

// Is it our own administrators who have to act? That concerns all mail, not one message alone.
bool is_for_own_admin(const RecipientGroup& group, const Sources& sources) {
  return group.confidence != Confidence::kUnsure &&
         actor_now(group, sources) == Actor::kSenderAdmin;
}

// The list of steps for mail that the reader didn't write to this person; empty: there is nothing
// to do.
std::string steps_key_of_writer(Writer writer, const RecipientGroup& group,
                                const Sources& sources) {
  if (is_waiting(group, sources)) return {};
  if (is_for_own_admin(group, sources)) return "writer.admin_steps";
  if (writer == Writer::kAutomatic) return {};
  const bool about_address =
      group.broken_forward || sources.knowledge.cause(group.cause).about_address;
  return writer_key(writer, about_address ? "address_steps" : "steps");
}

// Whom the reader has to turn to: one's own administrators, or those of the house that writes.
std::string_view actor_key(Actor actor, const Sources& sources) {
  return actor == Actor::kSenderAdmin && sources.is_outside() ? "house_admin" : id_of(actor);
}

// Is what the reader can do told by the steps alone? A line that sends the reader to somebody else
// would contradict them.
bool begins_with_reader(const RecipientGroup& group, Actor actor, const Sources& sources) {
  if (actor == Actor::kSender || actor == Actor::kNobody) return true;
  const bool by_cause = !group.own_fault && !group.claimed && !group.broken_forward;
  return by_cause && sources.knowledge.cause(group.told_as).reader_first;
}

}  // namespace

std::string compose_turn(const RecipientGroup& group, const Arguments& arguments,
                         const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  if (is_success(group.outcome)) return {};
  const Actor actor = actor_now(group, sources);
  if (is_waiting(group, sources)) {
    return speaker.paragraph(key("turn", "delayed", actor_key(actor, sources)), arguments);
  }
  const Writer writer = told_writer(group, sources);
  if (writer != Writer::kPerson && !is_for_own_admin(group, sources)) {
    return speaker.paragraph(writer_key(writer, "turn"), arguments);
  }
  const bool unsure = group.confidence == Confidence::kUnsure;
  std::string turn;
  if (group.outcome == Outcome::kDelayed) turn = speaker.paragraph("said.act_now", arguments);
  if (!unsure && begins_with_reader(group, actor, sources)) return turn;
  // Nobody's turn would mean that it passes by itself, and the answer says that it doesn't.
  if (unsure && actor == Actor::kNobody && told_class(group.reply) == 5) {
    return speaker.join(turn, speaker.say("turn.unsure.sender.1", arguments));
  }
  const std::string_view table = unsure ? "unsure" : "failed";
  return speaker.join(turn,
                      speaker.paragraph(key("turn", table, actor_key(actor, sources)), arguments));
}

std::string advice_table(const RecipientGroup& group, const Sources& sources) {
  if (is_waiting(group, sources)) return "delayed";
  if (group.confidence == Confidence::kUnsure && told_class(group.reply) == 4)
    return "unsure.passing";
  if (group.confidence == Confidence::kUnsure && told_class(group.reply) == 5)
    return "unsure.lasting";
  if (group.broken_forward) return "passed_on";
  if (group.claimed) return "claimed";
  return fmt::format("cause.{}", id_of(group.told_as));
}

namespace {

// The key of the list of steps: mostly that table's. Empty, or of no such list: there are none.
std::string steps_key(const RecipientGroup& group, const Sources& sources) {
  const Writer writer = told_writer(group, sources);
  if (writer != Writer::kPerson) return steps_key_of_writer(writer, group, sources);
  if (is_waiting(group, sources)) {
    const Actor actor = actor_while_delayed(group, sources);
    if (actor == Actor::kSenderAdmin) return "delayed.admin_steps";
    const CauseEntry& cause = sources.knowledge.cause(group.cause);
    if (actor == Actor::kSender && cause.about_address) return "delayed.address_steps";
    const bool may_be_mistyped = group.confidence == Confidence::kUnsure || cause.domain;
    return may_be_mistyped ? "delayed.unsure_steps" : "delayed.steps";
  }
  const bool is_told_by_cause = group.confidence != Confidence::kUnsure && !group.broken_forward;
  // The person at the other end can't help where it may be nobody's fault there.
  const bool may_be_ours = group.side == Side::kUnknown &&
                           actor_now(group, sources) == Actor::kSenderAdmin &&
                           sources.knowledge.cause(group.cause).actor == Actor::kRecipientAdmin;
  if (!is_told_by_cause || (!group.own_fault && !may_be_ours)) {
    return advice_table(group, sources) + ".steps";
  }
  const std::string own = key("own", id_of(group.told_as), "steps");
  return sources.speaker.knows(own) ? own : "side.ours.steps";
}

}  // namespace

std::vector<Step> steps_of(const RecipientGroup& group, const Arguments& arguments,
                           const Sources& sources) {
  std::vector<Step> steps = sources.speaker.steps(steps_key(group, sources), arguments);
  // What we still try ourselves would arrive twice.
  if (group.outcome == Outcome::kDelayed) {
    std::erase_if(steps, [](const Step& step) { return step.shared == "send-later"; });
  }
  return steps;
}

std::string avoid_key(const RecipientGroup& group, const Sources& sources) {
  const Writer writer = told_writer(group, sources);
  if (writer == Writer::kPerson) return advice_table(group, sources) + ".avoid";
  return writer_key(writer, "avoid");
}

std::string compose_move(const RecipientGroup& group, const Arguments& arguments,
                         const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  const std::vector<Step> steps = steps_of(group, arguments, sources);
  if (is_success(group.outcome) || steps.empty()) return speaker.say("move.nothing");
  std::string move = speaker.say(fmt::format("move.{}", steps.front().shared), arguments);
  if (!move.empty()) return move;
  // A step that is a text of its own.
  const std::string_view own = group.broken_forward
                                   ? std::string_view("tell-person")
                                   : std::string_view(sources.knowledge.cause(group.told_as).move);
  return speaker.say(fmt::format("move.{}", own), arguments);
}

}  // namespace plainbounce

#include "lib/notice/compose.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/mail/address.h"
#include "lib/notice/compose_admin.h"
#include "lib/notice/compose_message.h"
#include "lib/notice/compose_path.h"
#include "lib/notice/display.h"
#include "lib/notice/group_arguments.h"

namespace plainbounce {
namespace {

std::string key(std::string_view table, std::string_view row, std::string_view name) {
  return fmt::format("{}.{}.{}", table, row, name);
}

// How many addresses failed, wait, and were reached.
struct Tally {
  std::int64_t failed = 0;
  std::int64_t delayed = 0;
  std::int64_t done = 0;
};

Tally tally(const std::vector<RecipientGroup>& groups) {
  Tally result;
  for (const RecipientGroup& group : groups) {
    const auto count = static_cast<std::int64_t>(group.addresses.size());
    if (is_success(group.outcome)) {
      result.done += count;
    } else {
      (group.outcome == Outcome::kDelayed ? result.delayed : result.failed) += count;
    }
  }
  return result;
}

// "failed", "failed-done", "all", ...: which fates occur.
std::string fates(const Tally& counts) {
  if (counts.failed > 0 && counts.delayed > 0 && counts.done > 0) return "all";
  std::string result;
  const auto add = [&result](std::int64_t count, std::string_view name) {
    if (count > 0) result.append(result.empty() ? "" : "-").append(name);
  };
  add(counts.failed, "failed");
  add(counts.delayed, "delayed");
  add(counts.done, "done");
  return result;
}

}  // namespace

std::vector<std::string> all_addresses(const std::vector<RecipientGroup>& groups) {
  std::vector<std::string> result;
  std::set<std::string> seen;
  for (const RecipientGroup& group : groups) {
    for (const std::string& address : group.addresses) {
      if (seen.insert(canonical_address(address)).second) result.push_back(address);
    }
  }
  return result;
}

namespace {

// The table with what is told differently where our own side is at fault, the cause's own where
// there is one; empty: it isn't.
std::string own_table(const RecipientGroup& group, const Speaker& speaker) {
  if (!group.own_fault) return {};
  const std::string own = fmt::format("own.{}", id_of(group.cause));
  return speaker.knows(own + ".reason") ? own : "own.server-error";
}

std::string reason(const RecipientGroup& group, const Arguments& arguments,
                   const Speaker& speaker) {
  const std::string own = speaker.say(own_table(group, speaker) + ".reason", arguments);
  return own.empty() ? speaker.say(key("cause", id_of(group.cause), "reason"), arguments) : own;
}

Arguments with_reason(const RecipientGroup& group, const Sources& sources) {
  Arguments arguments = group_arguments(group, sources);
  arguments.emplace("reason", reason(group, arguments, sources.speaker));
  return arguments;
}

// "failed", "delayed", "relayed", ...: what one word can say of all recipients, or "mixed".
std::string subject_fate(const std::vector<RecipientGroup>& groups) {
  const std::string fate = fates(tally(groups));
  if (fate == "done" && groups.size() == 1 && groups.front().outcome != Outcome::kDelivered) {
    return std::string(id_of(groups.front().outcome));
  }
  return fate == "failed" || fate == "delayed" || fate == "done" ? fate : "mixed";
}

// Where mail to all of them is passed on to; empty: at least one of them isn't.
std::vector<std::string> all_passed_on_to(const std::vector<RecipientGroup>& groups) {
  std::vector<std::string> result;
  std::set<std::string> seen;
  for (const RecipientGroup& group : groups) {
    if (group.passed_on_to.empty()) return {};
    for (const std::string& end : group.passed_on_to) {
      if (seen.insert(canonical_address(end)).second) result.push_back(end);
    }
  }
  return result;
}

std::string compose_subject(const std::vector<RecipientGroup>& groups, Arguments arguments,
                            const Sources& sources) {
  constexpr std::size_t kMaxQuotedSubject = 100;
  constexpr std::size_t kMaxSubject = 180;  // with encoded words well below RFC 5322's 998
  const std::string original = visible(sources.report.returned.subject, kMaxQuotedSubject);
  if (!original.empty()) arguments.insert_or_assign("subject", original);
  const std::string subject_key = "subject." + subject_fate(groups);
  return shorten(sources.speaker.say(subject_key, arguments), kMaxSubject);
}

}  // namespace

void compose_headline(const std::vector<RecipientGroup>& groups, const Sources& sources,
                      NoticeContent& content) {
  const Tally counts = tally(groups);
  Arguments arguments;
  if (groups.size() == 1) {
    arguments = with_reason(groups.front(), sources);
    content.headline =
        sources.speaker.say(fmt::format("headline.{}", id_of(groups.front().outcome)), arguments);
  } else {
    const std::vector<std::string> addresses = all_addresses(groups);
    arguments = {{"recipients", say_addresses(addresses, sources.speaker)},
                 {"count", static_cast<std::int64_t>(addresses.size())},
                 {"failed", counts.failed},
                 {"delayed", counts.delayed},
                 {"done", counts.done}};
    const std::vector<std::string> ends = all_passed_on_to(groups);
    if (!ends.empty()) arguments["passed_on_to"] = say_addresses(ends, sources.speaker);
    content.headline = sources.speaker.say("headline.mixed-" + fates(counts), arguments);
  }
  content.subject = compose_subject(groups, arguments, sources);
}

namespace {

// "permanent" (5), "temporary" (4) or unknown (0), as the answer itself says; where its two codes
// differ, the enhanced one is the more exact.
int told_class(const RecipientGroup& group) {
  if (group.reply.status) return group.reply.status->status_class;
  return group.reply.code / 100;
}

// Was the reply given by a server on the other side?
bool answered(const RecipientGroup& group, const Sources& sources) {
  return group.reply.code != 0 && !group.facts.remote_host.empty() &&
         !sources.knowledge.cause(group.cause).own_side &&
         !is_own_host(group.facts.remote_host, sources.report.reporting_mta);
}

// Is it for every member the server's own words that name the cause?
bool is_said_outright(const RecipientGroup& group, const Sources& sources) {
  return std::all_of(group.members.begin(), group.members.end(), [&](std::size_t member) {
    return is_said_outright(sources.diagnosis.recipients[member].evidence);
  });
}

std::string compose_what(const RecipientGroup& group, const Sources& sources,
                         const Arguments& arguments) {
  const Speaker& speaker = sources.speaker;
  const std::string_view cause = id_of(group.cause);
  std::string reasons = speaker.paragraph(own_table(group, speaker) + ".what", arguments);
  if (reasons.empty()) reasons = speaker.paragraph(key("cause", cause, "what"), arguments);
  std::string what = speaker.join(speaker.paragraph("said.passed_on", arguments), reasons);
  if (is_success(group.outcome)) return what;
  const bool unsure = group.confidence == Confidence::kUnsure;
  if (answered(group, sources) && !unsure)
    what = speaker.join(what, speaker.paragraph("said.by", arguments));
  if (group.confidence == Confidence::kLikely && !is_said_outright(group, sources)) {
    const std::string_view said = answered(group, sources) ? "said.likely_by" : "said.likely";
    what = speaker.join(what, speaker.paragraph(said, arguments));
  }
  if (unsure && told_class(group) >= 4) {
    const std::string_view said = told_class(group) == 4 ? "said.passing" : "said.lasting";
    what = speaker.join(what, speaker.paragraph(said, arguments));
  }
  // "Come back later" and "we won't" need a word between them.
  const bool final_all_the_same = group.outcome == Outcome::kFailed &&
                                  group.actor == Actor::kNobody && !unsure &&
                                  told_class(group) == 5;
  const std::string outcome = final_all_the_same ? std::string("said.final")
                                                 : fmt::format("outcome.{}", id_of(group.outcome));
  return speaker.join(what, speaker.paragraph(outcome, arguments));
}

// Who can help mail along that is still being tried. Whoever it is doesn't have to.
Actor actor_while_delayed(const RecipientGroup& group, const Sources& sources) {
  if (group.confidence == Confidence::kUnsure) return Actor::kNobody;
  if (group.own_fault || group.broken_forward) return group.actor;
  return sources.knowledge.cause(group.cause).actor;
}

std::string compose_turn(const RecipientGroup& group, const Arguments& arguments,
                         const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  if (is_success(group.outcome)) return speaker.paragraph("turn.done.nobody", arguments);
  const std::string_view table = group.outcome == Outcome::kDelayed        ? "delayed"
                                 : group.confidence == Confidence::kUnsure ? "unsure"
                                                                           : "failed";
  // Nobody's turn would mean that it passes by itself, and the answer says that it doesn't.
  if (table == "unsure" && group.actor == Actor::kNobody && told_class(group) == 5) {
    return speaker.say("turn.unsure.sender.1", arguments);
  }
  const bool is_delayed = group.outcome == Outcome::kDelayed;
  const Actor actor = is_delayed ? actor_while_delayed(group, sources) : group.actor;
  return speaker.paragraph(key("turn", table, id_of(actor)), arguments);
}

std::string compose_act(const RecipientGroup& group, const Speaker& speaker) {
  const bool idle = is_success(group.outcome) || group.outcome == Outcome::kDelayed;
  if (idle) return speaker.say("path.act_nobody");
  if (group.confidence == Confidence::kUnsure) return {};
  if (group.actor == Actor::kNobody) return speaker.say("path.act_later");
  const std::string actor = speaker.say(fmt::format("actor.{}", id_of(group.actor)));
  return speaker.say("path.act", {{"actor", actor}});
}

// Each address on a line of its own, with what is known about it alone.
void compose_addresses(const RecipientGroup& group, const Sources& sources, GroupContent& content) {
  const Speaker& speaker = sources.speaker;
  if (group.addresses.size() < 2) return;
  std::set<std::string> seen;
  for (const std::size_t member : group.members) {
    if (content.addresses.size() == kMaxShownAddresses) break;
    const RecipientDiagnosis& recipient = sources.diagnosis.recipients[member];
    if (!seen.insert(canonical_address(recipient.address)).second) continue;
    const std::string address = say_address(recipient.address, speaker);
    std::string line = address;
    const bool may_be_meant = !is_success(group.outcome) && group.passed_on_to.empty();
    if (may_be_meant && !recipient.facts.meant_address.empty()) {
      const auto meant = say_address(recipient.facts.meant_address, speaker);
      line = speaker.say("list.meant", {{"address", address}, {"meant_address", meant}});
    } else if (group.cause == Cause::kRecipientMoved && !recipient.facts.new_address.empty()) {
      const auto moved = say_address(recipient.facts.new_address, speaker);
      line = speaker.say("list.moved", {{"address", address}, {"new_address", moved}});
    }
    content.addresses.push_back(line);
  }
  const std::size_t rest = group.addresses.size() - content.addresses.size();
  if (rest > 0) {
    content.more_addresses =
        speaker.say("list.more_line", {{"count", static_cast<std::int64_t>(rest)}});
  }
}

// The table that holds the steps, and what is better left.
std::string advice_table(const RecipientGroup& group) {
  if (group.outcome == Outcome::kDelayed) return "delayed";
  if (group.confidence == Confidence::kUnsure && told_class(group) == 4) return "unsure.passing";
  if (group.confidence == Confidence::kUnsure && told_class(group) == 5) return "unsure.lasting";
  if (group.broken_forward) return "passed_on";
  return fmt::format("cause.{}", id_of(group.cause));
}

std::string steps_key(const RecipientGroup& group, const Sources& sources) {
  if (group.outcome == Outcome::kDelayed) {
    const Actor actor = actor_while_delayed(group, sources);
    if (actor == Actor::kSenderAdmin) return "delayed.admin_steps";
    return actor == Actor::kSender && sources.knowledge.cause(group.cause).about_address
               ? "delayed.address_steps"
               : "delayed.steps";
  }
  return (group.own_fault ? own_table(group, sources.speaker) : advice_table(group)) + ".steps";
}

// The house's own sentence: in the notice's language where there is one, else as the conf has it.
std::string compose_extra(const RecipientGroup& group, const Sources& sources,
                          const Arguments& arguments) {
  const std::string cause(id_of(group.cause));
  std::string said = sources.speaker.say("extra." + cause, arguments);
  if (!said.empty()) return said;
  const auto own = sources.house.extra.find(cause);
  return own == sources.house.extra.end() ? "" : own->second;
}

GroupContent compose_group(const RecipientGroup& group, const Sources& sources, bool only_one) {
  const Speaker& speaker = sources.speaker;
  const Arguments arguments = with_reason(group, sources);
  GroupContent content;
  if (!only_one) {
    content.heading = speaker.say(fmt::format("group.{}", id_of(group.outcome)), arguments);
  }
  content.is_success = is_success(group.outcome);
  content.path = compose_path(group, sources, arguments);
  content.act = compose_act(group, speaker);
  compose_addresses(group, sources, content);
  content.what = compose_what(group, sources, arguments);
  if (group.confidence == Confidence::kUnsure) {
    content.quote = visible(group.reply.text, kMaxShownReply);
    content.quote_label =
        speaker.say("said.quote", answered(group, sources) ? arguments : Arguments());
  }
  // Beside failures, a success is told in as few words as possible.
  if (content.is_success && !only_one) return content;
  content.turn = compose_turn(group, arguments, sources);
  const std::string table = advice_table(group);
  content.steps = speaker.items(steps_key(group, sources), arguments);
  content.avoid = speaker.say(table + ".avoid", arguments);
  content.extra = compose_extra(group, sources, arguments);
  return content;
}

}  // namespace

void compose_groups(const std::vector<RecipientGroup>& groups, const Sources& sources,
                    NoticeContent& content) {
  std::size_t omitted = 0;
  for (const RecipientGroup& group : groups) {
    end_if_stopped(sources.stop);
    if (content.groups.size() == kMaxGroups) {
      omitted += group.addresses.size();
    } else {
      content.groups.push_back(compose_group(group, sources, groups.size() == 1));
    }
  }
  if (omitted > 0) {
    content.more_groups =
        sources.speaker.say("list.more_line", {{"count", static_cast<std::int64_t>(omitted)}});
  }
}

NoticeContent compose(const Sources& sources) {
  NoticeContent content;
  const std::vector<RecipientGroup> groups =
      group_recipients(sources.diagnosis, sources.knowledge.causes(), sources.report, sources.stop);
  compose_headline(groups, sources, content);
  compose_groups(groups, sources, content);
  end_if_stopped(sources.stop);
  compose_message(groups, sources, content);
  compose_admin(groups, sources, content);
  return content;
}

}  // namespace plainbounce

#include "lib/notice/compose.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/diagnosis/side.h"
#include "lib/mail/address.h"
#include "lib/notice/compose_admin.h"
#include "lib/notice/compose_message.h"
#include "lib/notice/compose_path.h"
#include "lib/notice/compose_turn.h"
#include "lib/notice/display.h"
#include "lib/notice/group_arguments.h"

namespace plainbounce {
namespace {

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

// Where a text about the cause stands: where our own side is at fault, [own.CAUSE], else its own
// table.
std::string text_key(const RecipientGroup& group, std::string_view name, const Speaker& speaker) {
  const std::string_view cause = id_of(group.told_as);
  const std::string own = fmt::format("own.{}.{}", cause, name);
  return group.own_fault && speaker.knows(own) ? own : fmt::format("cause.{}.{}", cause, name);
}

std::string reason(const RecipientGroup& group, const Arguments& arguments,
                   const Speaker& speaker) {
  std::string said = speaker.say(text_key(group, "reason", speaker), arguments);
  if (!group.claimed) return said;
  Arguments claim = arguments;
  claim.emplace("reason", std::move(said));
  return speaker.say("claimed.reason", claim);
}

Arguments with_reason(const RecipientGroup& group, const Sources& sources) {
  Arguments arguments = group_arguments(group, sources);
  arguments.emplace("reason", reason(group, arguments, sources.speaker));
  return arguments;
}

// "failed", "delayed", "relayed", ...: what one word can say of all recipients, or "mixed", or
// "mixed-delayed" where none has failed.
std::string subject_fate(const std::vector<RecipientGroup>& groups) {
  std::string fate = fates(tally(groups));
  if (fate == "done" && groups.size() == 1 && groups.front().outcome != Outcome::kDelivered) {
    return std::string(id_of(groups.front().outcome));
  }
  if (fate == "failed" || fate == "delayed" || fate == "done") return fate;
  return fate == "delayed-done" ? "mixed-delayed" : "mixed";
}

// The reason for all that didn't succeed; null: there are several.
const RecipientGroup* only_trouble(const std::vector<RecipientGroup>& groups) {
  const RecipientGroup* found = nullptr;
  for (const RecipientGroup& group : groups) {
    if (is_success(group.outcome)) continue;
    if (found != nullptr) return nullptr;
    found = &group;
  }
  return found;
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
  constexpr std::size_t kMaxQuotedSubject = 60;
  constexpr std::size_t kMaxSubject = 180;  // with encoded words well below RFC 5322's 998
  const std::string original = visible(sources.report.returned.subject, kMaxQuotedSubject);
  if (!original.empty() && !sources.is_outside()) arguments.insert_or_assign("subject", original);
  const std::string subject_key = "subject." + subject_fate(groups);
  return shorten(sources.speaker.say(subject_key, arguments), kMaxSubject);
}

}  // namespace

namespace {

constexpr std::size_t kMaxLetterhead = 60;
constexpr std::size_t kMaxLogo = 8;

// The headline in two, where it ends with the reason, as it does in every language so far.
void split_headline(const Arguments& arguments, const Speaker& speaker, NoticeContent& content) {
  const std::string& reason = std::get<std::string>(arguments.find("reason")->second);
  for (const std::string& end : {reason, isolated(reason)}) {
    if (!content.headline.ends_with(end)) continue;
    content.verdict = content.headline.substr(0, content.headline.size() - end.size());
    content.reason = speaker.as_sentence(reason);
    return;
  }
}

// "Your automatic reply to ...", or "Your message to ..."
std::string headline_key(const RecipientGroup& group, const Sources& sources) {
  const std::string_view outcome = id_of(group.outcome);
  const std::string by_writer = writer_key(told_writer(group, sources), outcome);
  return sources.speaker.knows(by_writer) ? by_writer : fmt::format("headline.{}", outcome);
}

PathMark fate_of(const Tally& counts) {
  if (counts.failed > 0) return PathMark::kStopped;
  return counts.delayed > 0 ? PathMark::kWaiting : PathMark::kPassed;
}

}  // namespace

void compose_headline(const std::vector<RecipientGroup>& groups, const Sources& sources,
                      NoticeContent& content) {
  const Tally counts = tally(groups);
  Arguments arguments;
  content.fate = fate_of(counts);
  content.letterhead = visible(sources.house.organisation, kMaxLetterhead);
  content.logo = visible(sources.house.logo, kMaxLogo);
  content.accent = sources.house.accent;
  content.accent_dark = sources.house.accent_dark;
  if (groups.size() == 1) {
    arguments = with_reason(groups.front(), sources);
    content.headline = sources.speaker.say(headline_key(groups.front(), sources), arguments);
    if (!is_success(groups.front().outcome)) split_headline(arguments, sources.speaker, content);
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
    if (const RecipientGroup* const trouble = only_trouble(groups)) {
      const Arguments its = group_arguments(*trouble, sources);
      arguments.emplace("reason", reason(*trouble, its, sources.speaker));
    }
  }
  content.subject = compose_subject(groups, arguments, sources);
}

namespace {

// Was the reply given by a server on the other side?
bool answered(const RecipientGroup& group) {
  return group.reply.code != 0 && group.side == Side::kTheirs;
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
  std::string what = speaker.paragraph(
      group.claimed ? "claimed.what" : text_key(group, "what", speaker), arguments);
  what = speaker.join(speaker.paragraph("said.passed_on", arguments), what);
  if (is_success(group.outcome)) return what;
  const Writer writer = told_writer(group, sources);
  what = speaker.join(speaker.paragraph(fmt::format("said.{}", id_of(writer)), arguments), what);
  const bool unsure = group.confidence == Confidence::kUnsure;
  if (answered(group) && !unsure && !group.claimed)
    what = speaker.join(what, speaker.paragraph("said.by", arguments));
  if (group.confidence == Confidence::kLikely && !group.claimed &&
      !is_said_outright(group, sources)) {
    const std::string_view said = answered(group) ? "said.likely_by" : "said.likely";
    what = speaker.join(what, speaker.paragraph(said, arguments));
  }
  if (unsure && told_class(group.reply) >= 4) {
    const std::string_view said = told_class(group.reply) == 4 ? "said.passing" : "said.lasting";
    what = speaker.join(what, speaker.paragraph(said, arguments));
  }
  // "Come back later" and "we won't" need a word between them.
  const bool final_all_the_same = group.outcome == Outcome::kFailed &&
                                  group.actor == Actor::kNobody && !unsure &&
                                  told_class(group.reply) == 5;
  const std::string outcome = final_all_the_same ? std::string("said.final")
                                                 : fmt::format("outcome.{}", id_of(group.outcome));
  return speaker.join(what, speaker.paragraph(outcome, arguments));
}

// Each address on a line of its own, with what is known about it alone. None where the headline
// names them all and nothing more is known.
void compose_addresses(const RecipientGroup& group, const Sources& sources, GroupContent& content) {
  const Speaker& speaker = sources.speaker;
  if (group.addresses.size() < 2) return;
  std::set<std::string> seen;
  bool is_told = group.addresses.size() <= kMaxNamedAddresses;
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
    } else if (group.cause == Cause::kRecipientMoved &&
               may_lead_on(recipient.facts.new_address, domain_of(recipient.address))) {
      const auto moved = say_address(recipient.facts.new_address, speaker);
      line = speaker.say("list.moved", {{"address", address}, {"new_address", moved}});
    }
    is_told = is_told && line == address;
    content.addresses.push_back(line);
  }
  if (is_told) {
    content.addresses.clear();
    return;
  }
  const std::size_t rest = group.addresses.size() - content.addresses.size();
  if (rest > 0) {
    content.more_addresses =
        speaker.say("list.more_line", {{"count", static_cast<std::int64_t>(rest)}});
  }
}

// The house's own sentence: in the notice's language where there is one, else as the conf has it.
std::string compose_extra(const RecipientGroup& group, const Sources& sources,
                          const Arguments& arguments) {
  if (sources.is_outside()) return {};
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
  if (only_one) content.path = compose_path(group, sources, arguments);
  compose_addresses(group, sources, content);
  content.what = compose_what(group, sources, arguments);
  if (group.confidence == Confidence::kUnsure || group.claimed) {
    content.quote = visible(group.reply.text, kMaxShownReply);
    content.quote_label = speaker.say("said.quote", answered(group) ? arguments : Arguments());
  }
  // Beside failures, a success is told in as few words as possible.
  if (content.is_success && !only_one) return content;
  content.turn = compose_turn(group, arguments, sources);
  content.steps = speaker.items(steps_key(group, sources), arguments);
  content.avoid = speaker.say(avoid_key(group, sources), arguments);
  content.extra = compose_extra(group, sources, arguments);
  return content;
}

}  // namespace

namespace {

SummaryRow compose_row(const RecipientGroup& group, const GroupContent& content,
                       const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  SummaryRow row;
  row.mark = is_success(group.outcome)            ? PathMark::kPassed
             : group.outcome == Outcome::kDelayed ? PathMark::kWaiting
                                                  : PathMark::kStopped;
  row.who = say_addresses(group.addresses, speaker);
  row.what =
      speaker.say(fmt::format("summary.{}", id_of(group.outcome)), with_reason(group, sources));
  const bool is_told_to_wait = row.mark == PathMark::kWaiting && !content.turn.empty();
  row.move = is_told_to_wait || content.steps.empty() ? content.turn : content.steps.front();
  return row;
}

// What is to be done for several groups alike is told with the first of them.
void tell_steps_once(const std::vector<const RecipientGroup*>& told, const Speaker& speaker,
                     std::vector<GroupContent>& groups) {
  const auto same = [](const GroupContent& a, const GroupContent& b) {
    return a.turn == b.turn && a.steps == b.steps;
  };
  for (std::size_t i = groups.size(); i-- > 1;) {
    if (groups[i].steps.empty()) continue;
    const auto first = std::find_if(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(i),
                                    [&](const GroupContent& one) { return same(one, groups[i]); });
    const auto at = static_cast<std::size_t>(first - groups.begin());
    if (at == i) continue;
    groups[i].steps.clear();
    groups[i].turn = speaker.say("said.same_steps",
                                 {{"recipients", say_addresses(told[at]->addresses, speaker)}});
  }
}

}  // namespace

void compose_groups(const std::vector<RecipientGroup>& groups, const Sources& sources,
                    NoticeContent& content) {
  const bool only_one = groups.size() == 1;
  std::size_t omitted = 0;
  std::vector<const RecipientGroup*> told;
  for (const RecipientGroup& group : groups) {
    end_if_stopped(sources.stop);
    if (told.size() == kMaxGroups || content.summary.size() == kMaxGroups) {
      omitted += group.addresses.size();
      continue;
    }
    GroupContent one = compose_group(group, sources, only_one);
    if (!only_one) content.summary.push_back(compose_row(group, one, sources));
    if (one.is_success && !only_one) continue;
    told.push_back(&group);
    content.groups.push_back(std::move(one));
  }
  tell_steps_once(told, sources.speaker, content.groups);
  if (omitted > 0) {
    content.more_groups =
        sources.speaker.say("list.more_line", {{"count", static_cast<std::int64_t>(omitted)}});
  }
}

namespace {

// The first words that say more than that it wasn't delivered.
std::string compose_preview(const NoticeContent& content) {
  constexpr std::size_t kMaxPreview = 140;
  if (content.groups.empty()) return {};
  const GroupContent& first = content.groups.front();
  const std::string why = content.reason.empty() ? first.heading : content.reason;
  const std::string next = first.steps.empty() ? first.what : first.steps.front();
  if (why.empty() || next.empty()) return shorten(why + next, kMaxPreview);
  return shorten(fmt::format("{} \u2013 {}", why, next), kMaxPreview);
}

}  // namespace

NoticeContent compose(const Sources& sources) {
  NoticeContent content;
  const std::vector<RecipientGroup> groups =
      group_recipients(sources.diagnosis, sources.knowledge.causes(), sources.report, sources.stop);
  compose_headline(groups, sources, content);
  compose_groups(groups, sources, content);
  content.preview = compose_preview(content);
  end_if_stopped(sources.stop);
  compose_message(groups, sources, content);
  compose_admin(groups, sources, content);
  return content;
}

}  // namespace plainbounce

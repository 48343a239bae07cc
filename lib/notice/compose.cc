#include "lib/notice/compose.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/diagnosis/side.h"
#include "lib/mail/address.h"
#include "lib/notice/compose_admin.h"
#include "lib/notice/compose_advice.h"
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

std::string compose_more(std::size_t all, std::size_t shown, const Speaker& speaker) {
  if (all <= shown) return {};
  return speaker.say("list.more_line", {{"count", static_cast<std::int64_t>(all - shown)}});
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

// "failed", "some-failed", "relayed", ...: what one word can say of all recipients, or that it is
// true of some.
std::string subject_fate(const std::vector<RecipientGroup>& groups) {
  std::string fate = fates(tally(groups));
  if (fate == "done" && groups.size() == 1 && groups.front().outcome != Outcome::kDelivered) {
    return std::string(id_of(groups.front().outcome));
  }
  if (fate == "failed" || fate == "delayed" || fate == "done") return fate;
  return fate == "delayed-done" ? "some-delayed" : "some-failed";
}

// Of several groups: why it wasn't delivered to those that the subject speaks of, where there is a
// single reason for all of them.
std::string single_reason(const std::vector<RecipientGroup>& groups, const Sources& sources) {
  const Tally counts = tally(groups);
  const bool of_failed = counts.failed > 0;
  std::string result;
  for (const RecipientGroup& group : groups) {
    if (is_success(group.outcome) || (group.outcome == Outcome::kDelayed) == of_failed) continue;
    Arguments arguments = group_arguments(group, sources);
    arguments.insert_or_assign("count", of_failed ? counts.failed : counts.delayed);
    std::string why = reason(group, arguments, sources.speaker);
    if (!result.empty() && why != result) return {};
    result = std::move(why);
  }
  return result;
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

// The first lines of the text form.
void compose_short_headline(const std::vector<RecipientGroup>& groups, const Arguments& arguments,
                            const Sources& sources, NoticeContent& content) {
  // Of mail that nobody wrote, that comes first.
  const bool is_by_writer =
      groups.size() == 1 && sources.speaker.knows(writer_key(told_writer(groups.front(), sources),
                                                             id_of(groups.front().outcome)));
  if (is_by_writer) return;
  content.short_headline = sources.speaker.say("short." + subject_fate(groups), arguments);
  if (groups.size() == 1 && !content.short_headline.empty()) {
    content.short_to = sources.speaker.say("short.to", arguments);
  }
}

std::string compose_subject(const std::vector<RecipientGroup>& groups, Arguments arguments,
                            const Sources& sources) {
  constexpr std::size_t kMaxQuotedSubject = 60;
  constexpr std::size_t kMaxSubject = 180;  // with encoded words well below RFC 5322's 998
  const std::string original = visible(sources.report.returned.subject, kMaxQuotedSubject);
  if (!original.empty() && !sources.is_outside()) arguments.insert_or_assign("subject", original);
  std::string fate = subject_fate(groups);
  const bool is_all = fate == "failed" || fate == "delayed";
  if (is_all && !sources.is_outside() && is_also_for_others(sources)) fate = "some-" + fate;
  const std::string subject_key = "subject." + fate;
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
    std::string why = single_reason(groups, sources);
    if (!why.empty()) arguments.emplace("reason", std::move(why));
  }
  compose_short_headline(groups, arguments, sources, content);
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

// An address, and what is known about it alone.
std::string compose_address(const RecipientGroup& group, const RecipientDiagnosis& recipient,
                            const Speaker& speaker) {
  std::string address = say_address(recipient.address, speaker);
  const bool may_be_meant = !is_success(group.outcome) && group.passed_on_to.empty();
  if (may_be_meant && !recipient.facts.meant_address.empty()) {
    const auto meant = say_address(recipient.facts.meant_address, speaker);
    return speaker.say("list.meant", {{"address", address}, {"meant_address", meant}});
  }
  if (group.cause == Cause::kRecipientMoved &&
      may_lead_on(recipient.facts.new_address, domain_of(recipient.address))) {
    const auto moved = say_address(recipient.facts.new_address, speaker);
    return speaker.say("list.moved", {{"address", address}, {"new_address", moved}});
  }
  return address;
}

// The addresses of a group, each on a line of its own; of many the first.
std::vector<std::string> compose_addresses(const RecipientGroup& group, const Sources& sources) {
  std::vector<std::string> result;
  std::set<std::string> seen;
  for (const std::size_t member : group.members) {
    if (result.size() == kMaxShownAddresses) break;
    const RecipientDiagnosis& recipient = sources.diagnosis.recipients[member];
    if (!seen.insert(canonical_address(recipient.address)).second) continue;
    result.push_back(compose_address(group, recipient, sources.speaker));
  }
  return result;
}

// Does the headline name them all, and is nothing more known of any?
bool is_told_by_headline(const RecipientGroup& group, const std::vector<std::string>& lines,
                         const Speaker& speaker) {
  // Of one, the steps say what is known.
  if (group.addresses.size() < 2) return true;
  if (group.addresses.size() > kMaxNamedAddresses) return false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != say_address(group.addresses[i], speaker)) return false;
  }
  return true;
}

PathMark mark_of(Outcome outcome) {
  if (is_success(outcome)) return PathMark::kPassed;
  return outcome == Outcome::kDelayed ? PathMark::kWaiting : PathMark::kStopped;
}

SummaryRow compose_row(const RecipientGroup& group, const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  const Arguments arguments = with_reason(group, sources);
  const std::string_view outcome = id_of(group.outcome);
  SummaryRow row;
  row.addresses = compose_addresses(group, sources);
  row.count = group.addresses.size();
  row.mark = mark_of(group.outcome);
  row.fate = speaker.say(fmt::format("fate.{}", outcome));
  row.fate_and_reason = row.fate;
  row.move = compose_move(group, arguments, sources);
  if (is_success(group.outcome)) return row;
  row.reason = speaker.as_sentence(std::get<std::string>(arguments.find("reason")->second));
  row.fate_and_reason = speaker.say(fmt::format("short.{}", outcome), arguments);
  return row;
}

GroupContent compose_group(const RecipientGroup& group, const Sources& sources, bool only_one) {
  const Speaker& speaker = sources.speaker;
  const Arguments arguments = with_reason(group, sources);
  GroupContent content;
  content.path = compose_path(group, sources, arguments);
  content.what = compose_what(group, sources, arguments);
  if (group.confidence == Confidence::kUnsure || group.claimed) {
    content.quote = visible(group.reply.text, kMaxShownReply);
    content.quote_label = speaker.say("said.quote", answered(group) ? arguments : Arguments());
  }
  content.advice = compose_advice(group, arguments, sources);
  if (!only_one) {
    content.heading = speaker.say(fmt::format("group.{}", id_of(group.outcome)), arguments);
    return content;
  }
  std::vector<std::string> lines = compose_addresses(group, sources);
  if (is_told_by_headline(group, lines, speaker)) return content;
  content.more_addresses = compose_more(group.addresses.size(), lines.size(), speaker);
  content.addresses = std::move(lines);
  return content;
}

}  // namespace

void compose_groups(const std::vector<RecipientGroup>& groups, const Sources& sources,
                    NoticeContent& content) {
  const bool only_one = groups.size() == 1;
  std::size_t rows = 0;
  std::size_t omitted = 0;
  for (const RecipientGroup& group : groups) {
    end_if_stopped(sources.stop);
    if (rows == kMaxGroups) {
      omitted += group.addresses.size();
      continue;
    }
    ++rows;
    if (!only_one) content.summary.push_back(compose_row(group, sources));
    // Beside failures, a success is told in its row.
    if (only_one || !is_success(group.outcome)) {
      content.groups.push_back(compose_group(group, sources, only_one));
    }
  }
  content.advice = compose_shared_advice(groups, sources);
  content.more_groups = compose_more(omitted, 0, sources.speaker);
}

namespace {

// The first words that say more than that it wasn't delivered.
std::string compose_preview(const NoticeContent& content) {
  constexpr std::size_t kMaxPreview = 140;
  if (content.groups.empty()) return {};
  const GroupContent& first = content.groups.front();
  const std::string why = content.reason.empty() ? first.heading : content.reason;
  const std::vector<std::string>& steps = first.advice.steps;
  const std::string next = steps.empty() ? first.what : steps.front();
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

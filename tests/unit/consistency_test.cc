// Whole notices for every cause, outcome, side and number of recipients: no part of one contradicts
// another, and each is short.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <sstream>

#include "lib/notice/compose.h"
#include "lib/notice/compose_turn.h"
#include "lib/notice/display.h"
#include "lib/notice/group_arguments.h"
#include "lib/notice/speaker.h"
#include "tests/unit/notice_fixture.h"

namespace plainbounce {
namespace {

// One kind of notice, and what is said in it.
struct Case {
  RecipientDiagnosis first;
  std::size_t people = 1;
  Report report;
  std::string name;
};

class ConsistencyTest : public NoticeFixture {
 protected:
  static std::vector<Case> all_cases() {
    std::vector<Case> result;
    for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
      if (knowledge_->cause(static_cast<Cause>(cause)).success) continue;
      for (const auto& [outcome, code] :
           {std::pair{Outcome::kFailed, 550}, std::pair{Outcome::kGaveUp, 450},
            std::pair{Outcome::kDelayed, 450}, std::pair{Outcome::kDelayed, 550}}) {
        for (const Side side : {Side::kTheirs, Side::kOurs, Side::kUnknown}) {
          for (const std::size_t people : {1U, 2U, 5U}) {
            Case each;
            each.first = recipient("anna@example.com", static_cast<Cause>(cause), outcome);
            each.first.side = side;
            each.first.reply.code = code;
            each.first.actor = actor_of(knowledge_->cause(each.first.cause), side);
            each.people = people;
            each.report = report();
            each.name = fmt::format("{} {} {} {} {}", id_of(each.first.cause), id_of(outcome), code,
                                    id_of(side), people);
            result.push_back(each);
          }
        }
      }
    }
    return result;
  }

  static Diagnosis diagnosis(const Case& each) {
    Diagnosis result;
    for (std::size_t i = 0; i < each.people; ++i) {
      result.recipients.push_back(each.first);
      if (i > 0) result.recipients.back().address = fmt::format("person{}@example.com", i);
    }
    return result;
  }

  // What is said, sentence by sentence; and the keys that it comes from.
  struct Told {
    NoticeContent content;
    std::string first_step;  // the shared step that it is
    std::string advice;      // the table of the steps
  };
  static Told tell(const Case& each, const std::string& language = "en") {
    const Speaker speaker(catalogue_->messages(language), catalogue_->messages("en"));
    const House house;
    const Diagnosis all = diagnosis(each);
    const Sources sources{each.report, all, *knowledge_, house, speaker};
    const auto groups = group_recipients(all, knowledge_->causes(), each.report, std::stop_token());
    Told told;
    told.content = compose(sources);
    const auto steps = steps_of(groups.front(), group_arguments(groups.front(), sources), sources);
    told.first_step = steps.empty() ? "" : steps.front().shared;
    told.advice = advice_table(groups.front(), sources);
    return told;
  }

  static bool says(const std::vector<std::string>& sentences, std::string_view part) {
    return std::any_of(sentences.begin(), sentences.end(), [&](const std::string& each) {
      return each.find(part) != std::string::npos;
    });
  }

  static std::string said(std::string_view key) {
    const Speaker speaker(catalogue_->messages("en"), catalogue_->messages("en"));
    return speaker.say(key, {{"count", std::int64_t{1}}, {"recipients", std::string("x")}});
  }
};

// Where somebody else has to act, the first thing to do is to tell them. Where nobody has to, it is
// to wait.
TEST_F(ConsistencyTest, WhoHasToActAgreesWithTheFirstStep) {
  for (const Case& each : all_cases()) {
    const Told told = tell(each);
    const Advice& advice = told.content.advice.front();
    SCOPED_TRACE(each.name + "\n" + advice.turn);
    const bool is_waiting = told.advice == "delayed";
    if (!is_waiting && each.first.outcome != Outcome::kDelayed) {
      EXPECT_EQ(advice.turn == said("turn.failed.sender_admin.1"), told.first_step == "ask-admin");
    }
    const bool says_wait = told.first_step == "wait";
    EXPECT_EQ(says_wait, is_waiting && !advice.turn.empty());
  }
}

// While we try ourselves nobody is told to send the message again, but to another address, or
// changed.
TEST_F(ConsistencyTest, DelayedMailIsNotToBeSentAgain) {
  const std::string again = said("step.send-later");
  ASSERT_FALSE(again.empty());
  for (const Case& each : all_cases()) {
    if (each.first.outcome != Outcome::kDelayed) continue;
    const Told told = tell(each);
    SCOPED_TRACE(each.name);
    const Advice& advice = told.content.advice.front();
    EXPECT_FALSE(says(advice.steps, again));
    if (told.advice != "delayed") continue;  // what is to be changed before, is told
    for (const std::string& step : advice.steps) {
      EXPECT_TRUE(step.find(" again") == std::string::npos ||
                  step.find(" address") != std::string::npos)
          << step;
    }
  }
}

// No step is what is better left: to send the same message again.
TEST_F(ConsistencyTest, NoStepSaysWhatIsBetterLeft) {
  const std::string again = said("step.send-later");
  for (const Case& each : all_cases()) {
    const Told told = tell(each);
    const Advice& advice = told.content.advice.front();
    if (!says(advice.steps, again)) continue;
    SCOPED_TRACE(each.name);
    EXPECT_THAT(advice.avoid, testing::Not(testing::ContainsRegex("[Ss]end.* again")));
  }
}

// The beginning of a reason, without its first letter, which may be a capital one.
std::string beginning(const std::string& reason) {
  constexpr std::size_t kBytes = 20;
  std::size_t begin = 1;
  while (begin < reason.size() && (reason[begin] & 0xC0) == 0x80) ++begin;
  return reason.substr(begin, kBytes);
}

// Mail programs show them in their lists. In every language the reason begins there.
TEST_F(ConsistencyTest, TheFirstCharactersOfTheTextHaveTheReason) {
  constexpr std::size_t kShown = 60;
  for (const std::string& language : catalogue_->languages()) {
    House house;
    house.language = language;
    for (const Case& each : all_cases()) {
      if (each.people != 1 || each.first.side != Side::kTheirs) continue;
      const std::string reason = tell(each, language).content.reason;
      const Notice notice =
          write_notice(each.report, diagnosis(each), *knowledge_, *catalogue_, house);
      const std::string start = shorten(unwrapped(notice.text), kShown + 1);
      SCOPED_TRACE(language + " " + each.name + "\n" + reason);
      ASSERT_FALSE(reason.empty());
      EXPECT_THAT(start, testing::HasSubstr(beginning(reason)));
    }
  }
}

// The fault is at the other side where the address is wrong or nobody answers, whoever found out;
// and a label says what it is.
TEST_F(ConsistencyTest, ThePathBlamesNobodyWrongly) {
  for (const Case& each : all_cases()) {
    const Told told = tell(each);
    const std::vector<PathStop>& path = told.content.groups.front().path;
    SCOPED_TRACE(each.name + ": " + path[1].note + " | " + path[2].note);
    ASSERT_EQ(path.size(), 3U);
    EXPECT_EQ(path[0].mark, PathMark::kPassed);
    const bool at_theirs = !path[2].note.empty();
    EXPECT_NE(at_theirs, !path[1].note.empty()) << "one mark, with one label";
    const Cause cause = each.first.cause;
    if (cause == Cause::kDomainUnknown || cause == Cause::kDeliveryTimedOut ||
        cause == Cause::kRecipientUnknown || cause == Cause::kMailboxFull) {
      EXPECT_TRUE(at_theirs);
    }
    const PathMark mark = path[at_theirs ? 2 : 1].mark;
    EXPECT_EQ(mark,
              each.first.outcome == Outcome::kDelayed ? PathMark::kWaiting : PathMark::kStopped);
    if (each.first.side == Side::kOurs && !at_theirs) {
      EXPECT_EQ(path[1].name, "Our mail service");
    }
    if (each.first.side == Side::kUnknown && !at_theirs && mark == PathMark::kStopped) {
      EXPECT_EQ(path[1].name, "A mail service along the way");
    }
  }
}

}  // namespace
}  // namespace plainbounce

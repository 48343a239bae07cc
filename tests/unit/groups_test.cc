#include "lib/notice/groups.h"

#include <gtest/gtest.h>

#include "lib/knowledge/knowledge.h"

namespace plainbounce {
namespace {

std::vector<RecipientGroup> groups_of(const Diagnosis& diagnosis, const Report& report = Report()) {
  static const Knowledge kKnowledge = Knowledge::load();
  return group_recipients(diagnosis, kKnowledge.causes(), report);
}

RecipientDiagnosis recipient(const std::string& address, Cause cause,
                             Outcome outcome = Outcome::kFailed,
                             Confidence confidence = Confidence::kCertain) {
  RecipientDiagnosis result;
  result.address = address;
  result.cause = cause;
  result.outcome = outcome;
  result.confidence = confidence;
  return result;
}

TEST(GroupRecipientsTest, SameCauseAndOutcomeMakeOneGroup) {
  const Diagnosis diagnosis{{recipient("a@x.example", Cause::kMailboxFull),
                             recipient("b@x.example", Cause::kRecipientUnknown),
                             recipient("c@y.example", Cause::kMailboxFull)}};
  const auto groups = groups_of(diagnosis);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].addresses, (std::vector<std::string>{"a@x.example", "c@y.example"}));
  EXPECT_EQ(groups[0].members, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(groups[0].domain, "");
  EXPECT_EQ(groups[1].domain, "x.example");
}

TEST(GroupRecipientsTest, FailuresComeFirstAndSuccessesLast) {
  const Diagnosis diagnosis{{recipient("a@x.example", Cause::kDelivered, Outcome::kDelivered),
                             recipient("b@x.example", Cause::kGreylisted, Outcome::kDelayed),
                             recipient("c@x.example", Cause::kMailboxFull)}};
  const auto groups = groups_of(diagnosis);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].outcome, Outcome::kFailed);
  EXPECT_EQ(groups[1].outcome, Outcome::kDelayed);
  EXPECT_EQ(groups[2].outcome, Outcome::kDelivered);
}

TEST(GroupRecipientsTest, OnlySharedFactsAreKept) {
  RecipientDiagnosis a = recipient("a@x.example", Cause::kMessageTooLarge);
  a.facts.size_limit = 100;
  a.facts.provider_name = "Acme";
  RecipientDiagnosis b = a;
  b.address = "b@x.example";
  b.facts.provider_name = "Other";
  const RecipientDiagnosis c = a;
  const auto groups = groups_of(Diagnosis{{a, b, c}});
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].facts.size_limit, 100u);
  EXPECT_EQ(groups[0].facts.provider_name, "");
}

TEST(GroupRecipientsTest, PassedOnMailIsAGroupOfItsOwn) {
  Report report;
  report.reporting_mta = "mx.x.example";
  RecipientDiagnosis first = recipient("board@x.example", Cause::kRecipientUnknown);
  first.final_recipient = "one@y.example";
  RecipientDiagnosis second = first;
  second.final_recipient = "two@y.example";
  RecipientDiagnosis same_place = recipient("anna@x.example", Cause::kRecipientUnknown);
  same_place.final_recipient = "anna@mx.x.example";
  const auto groups = groups_of(Diagnosis{{first, same_place, second}}, report);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].addresses, std::vector<std::string>{"board@x.example"});
  EXPECT_EQ(groups[0].passed_on_to, (std::vector<std::string>{"one@y.example", "two@y.example"}));
  EXPECT_EQ(groups[0].domain, "y.example");
  EXPECT_EQ(groups[0].actor, Actor::kRecipient);
  EXPECT_TRUE(groups[1].passed_on_to.empty());
  EXPECT_EQ(groups[1].domain, "x.example");
}

TEST(GroupRecipientsTest, OneAddressIsNamedOnce) {
  const auto groups = groups_of(Diagnosis{{recipient("List@x.example", Cause::kMailboxFull),
                                           recipient("list@x.example", Cause::kMailboxFull)}});
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].addresses.size(), 1u);
  EXPECT_EQ(groups[0].members.size(), 2u);
}

TEST(GroupRecipientsTest, TheLeastSureMemberSpeaksForItsGroup) {
  const auto groups = groups_of(Diagnosis{
      {recipient("a@x.example", Cause::kMailboxFull),
       recipient("b@x.example", Cause::kMailboxFull, Outcome::kFailed, Confidence::kLikely)}});
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].confidence, Confidence::kLikely);
}

TEST(GroupRecipientsTest, UnsureCausesAreNotToldAndRepliesKeepThemApart) {
  const auto unsure = [](const std::string& address, Cause cause, const std::string& text) {
    RecipientDiagnosis result = recipient(address, cause, Outcome::kFailed, Confidence::kUnsure);
    result.reply.text = text;
    return result;
  };
  const auto groups =
      groups_of(Diagnosis{{unsure("a@x.example", Cause::kMailboxFull, "550 <a@x.example> no"),
                           unsure("b@x.example", Cause::kPolicyRefused, "550 <b@x.example> no"),
                           unsure("c@x.example", Cause::kMailboxFull, "554 something else")}});
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].cause, Cause::kUnexplained);
  EXPECT_EQ(groups[0].addresses.size(), 2u);
  EXPECT_EQ(groups[1].reply.text, "554 something else");
}

TEST(GroupRecipientsTest, ASuccessIsOneWhateverTheCauseSays) {
  const auto groups =
      groups_of(Diagnosis{{recipient("a@x.example", Cause::kMailboxFull, Outcome::kRelayed)}});
  EXPECT_EQ(groups.at(0).cause, Cause::kRelayed);
  EXPECT_EQ(groups.at(0).actor, Actor::kNobody);
}

TEST(GroupRecipientsTest, AFailureWithASuccessAsItsCauseIsUnexplained) {
  const auto groups = groups_of(Diagnosis{{recipient("a@x.example", Cause::kDelivered)}});
  EXPECT_EQ(groups.at(0).cause, Cause::kUnexplained);
}

}  // namespace
}  // namespace plainbounce

// Labelled replies -> a model that knows them, and their like.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "lib/base/data_error.h"
#include "lib/learn/lessons.h"
#include "lib/learn/own_replies.h"

namespace plainbounce {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

LabelledReply labelled(Cause cause, const std::string& text, const std::string& source) {
  return {.cause = cause, .kind = "wire", .source = source, .text = text};
}

// Three causes, in words that no rule knows.
std::vector<LabelledReply> three_causes() {
  std::vector<LabelledReply> replies;
  for (const char* const source :
       {"first.example", "second.example", "third.example", "fourth.example", "fifth.example"}) {
    for (const char* const word : {"qqone", "qqtwo", "qqthree"}) {
      const std::string text = std::string("550 the ") + word + " of " + source + " wibbled";
      const Cause cause = word == std::string("qqone")   ? Cause::kMailboxFull
                          : word == std::string("qqtwo") ? Cause::kGreylisted
                                                         : Cause::kVirusDetected;
      replies.push_back(labelled(cause, text, source));
    }
  }
  return replies;
}

TEST(LearnTest, KnowsWhatItWasTaughtAndItsLike) {
  Knowledge taught = Knowledge::load();
  taught.set_cause_model(CauseModel(train(make_lessons(three_causes(), taught))));
  const Hearing hearing = hear_pasted("450 some qqtwo of somebody else");
  EXPECT_EQ(judge(hearing, "", taught).cause, Cause::kGreylisted);
}

TEST(LearnTest, TheSameRepliesMakeTheSameModel) {
  const auto lessons = make_lessons(three_causes(), knowledge());
  EXPECT_EQ(CauseModel::to_bytes(train(lessons)), CauseModel::to_bytes(train(lessons)));
}

TEST(LearnTest, WhatIsHeldOutIsJudgedByTheOthers) {
  Knowledge held = Knowledge::load();
  const auto replies = three_causes();
  const auto judged = cross_validate(replies, 2, held);
  ASSERT_THAT(judged, SizeIs(replies.size()));
  for (const Judged& one : judged) {
    EXPECT_EQ(one.verdict.cause, one.reply->cause) << one.reply->text;
  }
  EXPECT_TRUE(held.cause_model().empty());
}

Judged one_judged(const LabelledReply& reply, Cause cause, float probability) {
  Judged judged;
  judged.reply = &reply;
  judged.verdict.cause = cause;
  judged.probability = probability;
  judged.by_model = true;
  return judged;
}

TEST(LearnTest, ConfidenceIsWhatWasMeasured) {
  const LabelledReply reply = labelled(Cause::kMailboxFull, "full", "a");
  std::vector<Judged> judged;
  for (int i = 0; i < 300; ++i) judged.push_back(one_judged(reply, reply.cause, 0.95F));
  for (int i = 0; i < 90; ++i) judged.push_back(one_judged(reply, reply.cause, 0.8F));
  for (int i = 0; i < 5; ++i) judged.push_back(one_judged(reply, Cause::kGreylisted, 0.8F));
  for (int i = 0; i < 50; ++i) judged.push_back(one_judged(reply, Cause::kGreylisted, 0.5F));
  const Calibration calibration = calibrate(judged);
  EXPECT_FLOAT_EQ(calibration.certain, 0.95F);
  EXPECT_FLOAT_EQ(calibration.likely, 0.8F);
}

TEST(OwnRepliesTest, AreReadFromRepliesAndFromTheLog) {
  const auto replies = parse_own_replies(
      "own.tsv",
      "# mine\n\nmailbox-full\t552 wibble full\n"
      "greylisted\tNov 22 03:40:32 mx plainbounce-milter[7]: info: unmatched: examples = [{ text = "
      "\"450 come back\", host = \"mx.example\" }]\r\n");
  ASSERT_THAT(replies, SizeIs(2));
  EXPECT_EQ(replies[0].cause, Cause::kMailboxFull);
  EXPECT_EQ(replies[0].text, "552 wibble full");
  EXPECT_EQ(replies[1].text, "450 come back");
  EXPECT_EQ(replies[1].host, "mx.example");
}

TEST(OwnRepliesTest, MistakesAreToldWithTheirLine) {
  for (const auto& [text, message] : std::vector<std::pair<const char*, const char*>>{
           {"\nmailbox-full 552 x", "own.tsv:2: expected a cause, a tab and a reply"},
           {"full\t552 x", "own.tsv:1: no such cause: \"full\""},
           {"mailbox-full\t ", "own.tsv:1: there is no reply"}}) {
    try {
      parse_own_replies("own.tsv", text);
      ADD_FAILURE() << text;
    } catch (const DataError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
    }
  }
}

TEST(LabelledRepliesTest, TheProjectsOwnAreOfAllCausesAndManyLanguages) {
  const std::string file = PLAINBOUNCE_SOURCE_DIR "/lib/knowledge/replies.tsv";
  std::ifstream in(file, std::ios::binary);
  const std::string tsv{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto replies = parse_labelled_replies(file, tsv);
  EXPECT_GE(replies.size(), 6000U);
  std::set<Cause> causes;
  std::set<std::string> languages;
  for (const LabelledReply& reply : replies) {
    causes.insert(reply.cause);
    languages.insert(reply.language);
  }
  EXPECT_GE(causes.size(), kCauseCount - 2);
  EXPECT_GE(languages.size(), 15U);
}

}  // namespace
}  // namespace plainbounce

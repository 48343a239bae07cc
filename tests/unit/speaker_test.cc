#include "lib/notice/speaker.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

constexpr std::int64_t kMoment = 1795421520;  // 23 November 2026, 08:12 UTC

class SpeakerTest : public testing::Test {
 protected:
  const Messages messages_ = Messages::parse("test.toml", R"(
[meta]
language = "en"
locale = "en-GB"
[a]
one = "to {recipients}"
alternatives = ["{domain} says no", "somebody says no"]
rows = ["First.", ["With {domain}."], "@shared", ["{domain}.", "Last."]]
plural = "{count, plural, one {# mailbox} other {# mailboxes}}"
[step]
shared = "Shared."
)");
  const Messages german_ =
      Messages::parse("de.toml", "[meta]\nlanguage = \"de\"\n[a]\none = \"an {recipients}\"\n");
  const Speaker phrases_{messages_, messages_};
};

TEST_F(SpeakerTest, FirstAlternativeWhoseArgumentsAreKnownIsSaid) {
  EXPECT_EQ(phrases_.say("a.alternatives", {{"domain", "x.example"}}), "x.example says no");
  EXPECT_EQ(phrases_.say("a.alternatives"), "somebody says no");
}

TEST_F(SpeakerTest, WhatNeedsAnUnknownFactIsLeftOut) {
  EXPECT_EQ(phrases_.say("a.one"), "");
  EXPECT_EQ(phrases_.say("a.missing"), "");
  EXPECT_EQ(phrases_.items("a.rows", {}), (std::vector<std::string>{"First.", "Shared.", "Last."}));
  EXPECT_EQ(phrases_.paragraph("a.rows", {{"domain", "X"}}), "First. With X. Shared. X.");
}

TEST_F(SpeakerTest, ArgumentsAreNeverReadAsPatterns) {
  const std::string hostile = "{0} {count, plural, other {x}} '{' # {{recipients}}";
  EXPECT_EQ(phrases_.say("a.one", {{"recipients", hostile}}), "to " + hostile);
}

TEST_F(SpeakerTest, MissingTextsComeFromTheFallback) {
  const Speaker german(german_, messages_);
  EXPECT_EQ(german.say("a.one", {{"recipients", "Anna"}}), "an Anna");
  EXPECT_EQ(german.say("step.shared"), "Shared.");
}

TEST_F(SpeakerTest, TextsOfTheFallbackHaveItsPluralsAndNumbers) {
  const Messages japanese = Messages::parse("ja.toml", "[meta]\nlanguage = \"ja\"\n");
  const Speaker speaker(japanese, messages_);
  EXPECT_EQ(speaker.say("a.plural", {{"count", std::int64_t{1}}}), "1 mailbox");
  const Speaker german(german_, messages_);
  EXPECT_EQ(german.say("a.plural", {{"count", std::int64_t{1200}}}), "1,200 mailboxes");
}

TEST_F(SpeakerTest, ASharedStepCanBeAnAlternative) {
  const Messages messages = Messages::parse("test.toml", R"(
[meta]
language = "en"
[a]
rows = [["{domain}", "@one", "Last."], ["{domain}", "@two"], "@two", ["@three"]]
[step]
one = ["In {organisation}.", "@two"]
two = ["By {help_name}."]
three = "Three."
)");
  const Speaker speaker(messages, messages_);
  EXPECT_EQ(speaker.paragraph("a.rows", {}), "Last. Three.");
  EXPECT_EQ(speaker.paragraph("a.rows", {{"help_name", "Eve"}}), "By Eve. By Eve. By Eve. Three.");
  EXPECT_EQ(speaker.paragraph("a.rows", {{"organisation", "X"}}), "In X. Three.");
}

TEST_F(SpeakerTest, AStepIsSaidInTheLanguageOfTheTextThatItStandsIn) {
  const Messages german =
      Messages::parse("de.toml", "[meta]\nlanguage = \"de\"\n[step]\nshared = \"Geteilt.\"\n");
  const Speaker speaker(german, messages_);
  EXPECT_EQ(speaker.paragraph("a.rows", {}), "First. Shared. Last.");
}

TEST_F(SpeakerTest, NumbersTakePartInPlurals) {
  EXPECT_EQ(phrases_.say("a.plural", {{"count", std::int64_t{1}}}), "1 mailbox");
  EXPECT_EQ(phrases_.say("a.plural", {{"count", std::int64_t{1200}}}), "1,200 mailboxes");
}

TEST_F(SpeakerTest, MomentsAreShownInTheirOwnOffset) {
  EXPECT_EQ(phrases_.moment({kMoment, 3600}), "Monday, 23 November 2026 at 09:12");
  EXPECT_EQ(phrases_.moment({kMoment, -8 * 3600}), "Monday, 23 November 2026 at 00:12");
  EXPECT_EQ(phrases_.moment({kMoment, 0}), "Monday, 23 November 2026 at 08:12 GMT");
  EXPECT_EQ(phrases_.exact_moment({kMoment, 19800}), "23 Nov 2026, 13:42:00 +0530");
}

TEST_F(SpeakerTest, ImpossibleMomentsAreLeftOut) {
  EXPECT_EQ(phrases_.moment({-1, 0}), "");
  EXPECT_EQ(phrases_.moment({INT64_MAX, 0}), "");
  EXPECT_NE(phrases_.moment({kMoment, INT32_MAX}), "");
}

TEST_F(SpeakerTest, SizesAreShownInTheLargestFittingUnit) {
  EXPECT_EQ(phrases_.size(26214400), "25 MB");
  EXPECT_EQ(phrases_.size(35651584), "34 MB");
  EXPECT_EQ(phrases_.size(10240000), "9.8 MB");
  EXPECT_EQ(phrases_.size(51200), "50 kB");
  EXPECT_EQ(phrases_.size(314), "314 bytes");
}

TEST_F(SpeakerTest, DurationsHaveTwoUnitsAtMost) {
  EXPECT_EQ(phrases_.duration(300), "5 minutes");
  EXPECT_EQ(phrases_.duration(1), "1 second");
  EXPECT_EQ(phrases_.duration(93784), "1 day, 2 hours");
  EXPECT_EQ(phrases_.duration(0), "");
  EXPECT_EQ(phrases_.duration(-5), "");
}

TEST_F(SpeakerTest, ListsEndWithAnd) {
  EXPECT_EQ(phrases_.list({}), "");
  EXPECT_EQ(phrases_.list({"a"}), "a");
  EXPECT_EQ(phrases_.list({"a", "b", "c"}), "a, b and c");
}

TEST_F(SpeakerTest, ChineseListsHaveBlanksAroundLatinItems) {
  const Messages messages =
      Messages::parse("zh.toml", "[meta]\nlanguage = \"zh\"\nlocale = \"zh-Hans-CN\"\n");
  const Speaker chinese(messages, messages_);
  EXPECT_EQ(chinese.list({"a", "b"}), "a 和 b");
  EXPECT_EQ(chinese.list({"a", "b", "c"}), "a、b 和 c");
  EXPECT_EQ(chinese.list({"邮", "件"}), "邮和件");
}

TEST_F(SpeakerTest, LanguagesFormatAsTheyDo) {
  const Speaker german(german_, messages_);
  EXPECT_EQ(german.moment({kMoment, 3600}), "Montag, 23. November 2026 um 09:12");
  EXPECT_EQ(german.size(10240000), "9,8 MB");
  EXPECT_EQ(german.list({"a", "b"}), "a und b");
}

}  // namespace
}  // namespace plainbounce

#include "lib/explain/code_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lib/knowledge/knowledge.h"

namespace plainbounce {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class CodePatternTest : public ::testing::Test {
 protected:
  static const CodeTables& tables() {
    static const Knowledge kKnowledge = Knowledge::load();
    return kKnowledge.codes();
  }

  static CodeRows rows(std::string_view text) {
    const auto pattern = CodePattern::parse(text);
    EXPECT_TRUE(pattern) << text;
    return pattern ? pattern->find(tables()) : CodeRows();
  }

  static std::vector<std::string> codes(std::string_view text) {
    std::vector<std::string> found;
    const CodeRows all = rows(text);
    for (const ReplyCodeEntry* const row : all.replies) found.push_back(std::to_string(row->code));
    for (const StatusCodeEntry* const row : all.statuses) found.push_back(row->code());
    return found;
  }

  static bool is_exact(std::string_view text) { return CodePattern::parse(text)->is_exact(); }
};

TEST_F(CodePatternTest, OneCodeIsFoundWithEveryMeaning) {
  EXPECT_THAT(codes("550"), ElementsAre("550"));
  EXPECT_THAT(codes("5.7.26"), ElementsAre("X.7.26", "5.7.26"));
  EXPECT_THAT(codes("4.1.1"), Not(Contains("5.1.1")));
  EXPECT_THAT(codes("X.1.1"), IsSupersetOf({"X.1.1", "5.1.1", "4.1.1"}));
  EXPECT_EQ(codes("x.1.1"), codes("X.1.1"));
  for (const char* code : {"550", "5.7.26", "X.7.1", "4.7.500-699"}) {
    EXPECT_TRUE(is_exact(code)) << code;
  }
}

TEST_F(CodePatternTest, ARangeIsFoundByItsMembersAndByItself) {
  EXPECT_THAT(codes("4.7.650"), Each("4.7.500-699"));
  EXPECT_EQ(codes("4.7.500-699"), codes("4.7.650"));
  EXPECT_THAT(codes("4.7.650"), Not(IsEmpty()));
}

TEST_F(CodePatternTest, GroupsHoldWhatFits) {
  EXPECT_THAT(codes("55x"), Contains("550"));
  EXPECT_THAT(codes("55x"), Each(StartsWith("55")));
  EXPECT_EQ(codes("5XX"), codes("5xx"));
  EXPECT_THAT(codes("5.7"), IsSupersetOf({"X.7.1", "5.7.26"}));
  EXPECT_EQ(codes("5.7"), codes("5.7.x"));
  EXPECT_THAT(codes("4.x.x"), IsSupersetOf({"X.7.1", "4.7.500-699"}));
  EXPECT_THAT(codes("4.x.x"), Not(Contains(StartsWith("5."))));
  EXPECT_THAT(codes("5"), IsSupersetOf({"550", "5.7.26", "X.1.1"}));
  EXPECT_THAT(codes("5"), Not(Contains("450")));
  for (const char* group : {"55x", "5xx", "5", "5.7", "4.x.x", "x.7"}) {
    EXPECT_FALSE(is_exact(group)) << group;
  }
}

TEST_F(CodePatternTest, DotsThatWereLostOrPutInAreSeen) {
  EXPECT_THAT(codes("523"), IsSupersetOf({"523", "X.2.3"}));
  EXPECT_THAT(codes("5.0.3"), ElementsAre("503"));
  EXPECT_THAT(codes("1.0.1"), ElementsAre("101"));
  EXPECT_THAT(codes("1.7.1"), IsEmpty());
}

TEST_F(CodePatternTest, WhatNobodyKnowsHasNoRows) {
  for (const char* code : {"599", "699", "5.6.99", "X.99", "3.x.x"}) {
    EXPECT_TRUE(rows(code).empty()) << code;
  }
}

TEST_F(CodePatternTest, OtherTextIsNoPattern) {
  for (const char* text :
       {"", "hello", "55", "5500", "050", "x50", "5.", ".5", "5..1", "5.7.26.1", "9.1.1", "5.7.-1",
        "5.7.9-5", "5.7.1 ", "5.7.1000", "5-7", "+50", "5.+7.1"}) {
    EXPECT_FALSE(CodePattern::parse(text)) << '"' << text << '"';
  }
}

TEST_F(CodePatternTest, EveryRowIsFoundByItsOwnCode) {
  const CodeRows all = all_rows(tables());
  EXPECT_THAT(all.replies, SizeIs(tables().reply_codes().size()));
  EXPECT_THAT(all.statuses, SizeIs(tables().status_codes().size()));
  for (const ReplyCodeEntry* const row : all.replies) {
    EXPECT_THAT(rows(std::to_string(row->code)).replies, ElementsAre(row));
  }
  for (const StatusCodeEntry* const row : all.statuses) {
    EXPECT_THAT(rows(row->code()).statuses, Contains(row)) << row->code();
  }
}

TEST_F(CodePatternTest, RelatedCodesNameTheSameCauseAndAreOthers) {
  const auto related = related_codes(rows("5.2.2"), tables());
  EXPECT_THAT(related, Not(IsEmpty()));
  EXPECT_THAT(related, Not(Contains("X.2.2")));
  for (const std::string& code : related) {
    const CodeRows found = rows(code);
    const auto is_full = [](const auto* row) { return row->cause == Cause::kMailboxFull; };
    EXPECT_TRUE(std::any_of(found.replies.begin(), found.replies.end(), is_full) ||
                std::any_of(found.statuses.begin(), found.statuses.end(), is_full))
        << code;
  }
  EXPECT_THAT(related_codes(rows("5.0.0"), tables()), IsEmpty());
}

}  // namespace
}  // namespace plainbounce

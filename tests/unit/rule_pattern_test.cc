#include "lib/knowledge/rule_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plainbounce {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(LiteralsOfTest, OneOfEachGroupIsNeeded) {
  EXPECT_THAT(literals_of("quota"), ElementsAre(ElementsAre("quota")));
  EXPECT_THAT(literals_of("(?:user|mail ?box) .*unknown"),
              ElementsAre(ElementsAre("unknown"), ElementsAre("mail", "user")));
}

TEST(LiteralsOfTest, ThePatternMayMatchWithoutAny) {
  EXPECT_THAT(literals_of("[0-9]+x?"), IsEmpty());
  EXPECT_THAT(literals_of("quota|[0-9]+"), IsEmpty());
}

TEST(LiteralsOfTest, LongOnesAreCutBetweenCharacters) {
  EXPECT_THAT(literals_of("recipient"), ElementsAre(ElementsAre("recipien")));
  EXPECT_THAT(literals_of("gel\xC3\xB6scht\xC3\xA4"), ElementsAre(ElementsAre("gel\xC3\xB6sch")));
  EXPECT_THAT(literals_of("postf\xC3\xA4\xC3\xA4"), ElementsAre(ElementsAre("postf\xC3\xA4")));
  EXPECT_THAT(literals_of("recipients|recipient's"), ElementsAre(ElementsAre("recipien")));
}

TEST(RulePatternTest, UpperAndLowerCaseAreAlike) {
  EXPECT_TRUE(RulePattern("gel\xC3\xB6scht").is_in("550 GEL\xC3\x96SCHT"));
  EXPECT_FALSE(RulePattern("quota").is_in("quot"));
}

TEST(RulePatternTest, NothingMatchesAnEmptyOne) { EXPECT_FALSE(RulePattern("").is_in("")); }

TEST(FaultOfTest, IsTold) {
  EXPECT_EQ(fault_of("quota"), "");
  EXPECT_EQ(fault_of("quota("), "missing ): quota(");
  EXPECT_EQ(fault_of("(?:quota)?"), "it matches every text");
}

}  // namespace
}  // namespace plainbounce

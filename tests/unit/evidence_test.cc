#include "lib/diagnosis/evidence.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

TEST(EvidenceTest, EachKindHasItsText) {
  Rule rule;
  rule.id = "exim-unrouteable";
  EXPECT_EQ(to_string(rule_evidence(rule)), "rule:exim-unrouteable");
  EXPECT_EQ(to_string(status_evidence({5, 1, 1})), "status:5.1.1");
  EXPECT_EQ(to_string(reply_evidence(550)), "reply:550");
  EXPECT_EQ(to_string(class_evidence(5)), "class:5");
  EXPECT_EQ(to_string(Evidence()), "none");
}

TEST(EvidenceTest, OnlyARulesWordsSayACauseOutright) {
  Rule rule;
  for (const Strength strength : {Strength::kStrong, Strength::kDecisive}) {
    rule.strength = strength;
    EXPECT_TRUE(is_said_outright(rule_evidence(rule)));
  }
  rule.strength = Strength::kHint;
  EXPECT_FALSE(is_said_outright(rule_evidence(rule)));
  EXPECT_FALSE(is_said_outright(status_evidence({5, 1, 1})));
  EXPECT_FALSE(is_said_outright(Evidence()));
}

// A rule may be called what a code's evidence looks like.
TEST(EvidenceTest, WhatARuleIsCalledMakesItNoCode) {
  Rule rule;
  rule.id = "status:5.1.1";
  EXPECT_NE(rule_evidence(rule), status_evidence({5, 1, 1}));
}

}  // namespace
}  // namespace plainbounce

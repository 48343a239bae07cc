// No built-in rule matches what is said to be about another subject.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <string>

#include "lib/base/embedded.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/judge.h"
#include "lib/knowledge/knowledge.h"

namespace plainbounce {
namespace {

bool matches_pattern(const Rule& rule, const Hearing& hearing) {
  RE2::Options options;
  options.set_case_sensitive(false);
  const RE2 pattern(rule.pattern, options);
  return std::any_of(hearing.texts.begin(), hearing.texts.end(), [&](const HeardText& heard) {
    return RE2::PartialMatch(heard.text(), pattern);
  });
}

// One that the pattern itself doesn't match would show nothing.
TEST(BuiltInRulesTest, NoRuleMatchesItsCounterExamplesThoughItsPatternDoes) {
  const Knowledge knowledge = Knowledge::load();
  int seen = 0;
  for (const Rule& rule : knowledge.rules().rules()) {
    for (const RuleExample& example : rule.counter_examples) {
      const Hearing hearing = hear_pasted(example.text);
      const std::string provider = provider_of(hearing, example.host, knowledge);
      EXPECT_TRUE(matches_pattern(rule, hearing)) << rule.file << ":" << example.line;
      EXPECT_FALSE(is_matching(rule, hearing, provider, knowledge.rules()))
          << rule.file << ":" << example.line << ": " << example.text;
      ++seen;
    }
  }
  EXPECT_GT(seen, 0);
}

// Languages share what their rules don't speak of: one of them shows it for all.
TEST(BuiltInRulesTest, WhatARuleDoesNotSpeakOfIsShown) {
  const Knowledge knowledge = Knowledge::load();
  std::map<std::string, bool> shown;
  for (const Rule& rule : knowledge.rules().rules()) {
    if (!rule.unless.empty()) shown[rule.unless] |= !rule.counter_examples.empty();
  }
  EXPECT_FALSE(shown.empty());
  for (const auto& [unless, is_shown] : shown) EXPECT_TRUE(is_shown) << unless;
}

TEST(BuiltInRulesTest, EveryWordIsUsed) {
  const Knowledge knowledge = Knowledge::load();
  std::string files;
  for (const EmbeddedFile& file : rule_files()) files += file.content;
  for (const EmbeddedFile& file : knowledge_files()) files += file.content;
  const auto& words = knowledge.rules().words().by_name;
  EXPECT_FALSE(words.empty());
  for (const auto& [name, word] : words) {
    EXPECT_NE(files.find("{" + name + "}"), std::string::npos) << word.file << ": " << name;
  }
}

}  // namespace
}  // namespace plainbounce

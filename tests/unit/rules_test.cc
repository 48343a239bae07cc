#include "lib/knowledge/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <span>
#include <string>

#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/judge.h"
#include "lib/knowledge/knowledge.h"
#include "lib/knowledge/rule_pack.h"

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// Rules and codes alone, without the learned model.
Knowledge load_rules() {
  Knowledge knowledge = Knowledge::load();
  knowledge.set_cause_model({});
  return knowledge;
}

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = load_rules();
  return kKnowledge;
}

std::string place(const Rule& rule, int line) { return rule.file + ":" + std::to_string(line); }

// ---- The built-in rules ----

TEST(BuiltInRulesTest, EveryExampleReachesItsRuleAndCause) {
  for (const Rule& rule : knowledge().rules().rules()) {
    for (const RuleExample& example : rule.examples) {
      const RecipientDiagnosis found = diagnose_text(example.text, example.host, knowledge());
      EXPECT_THAT(
          matching_rules(hear_pasted(example.text), found.facts.provider, knowledge().rules()),
          ::testing::Contains(&rule))
          << place(rule, example.line) << ": " << example.text;
      EXPECT_EQ(id_of(found.cause), id_of(rule.cause))
          << place(rule, example.line) << ": " << example.text << " by "
          << to_string(found.evidence);
    }
  }
}

// Does the rule, or a code that says the same, decide an example?
bool decides_an_example(const Rule& rule) {
  return std::any_of(rule.examples.begin(), rule.examples.end(), [&](const RuleExample& example) {
    const auto found = diagnose_text(example.text, example.host, knowledge());
    return found.evidence == rule_evidence(rule) || found.evidence.kind != Evidence::Kind::kRule;
  });
}

// A rule that never decides is dead. Hints may be there to support a code, and rules on expiry
// never decide.
TEST(BuiltInRulesTest, NoRuleIsShadowedByAnother) {
  for (const Rule& rule : knowledge().rules().rules()) {
    if (rule.strength == Strength::kHint || rule.cause == Cause::kDeliveryTimedOut) continue;
    EXPECT_TRUE(decides_an_example(rule))
        << place(rule, rule.line) << ": " << rule.id << " is shadowed by "
        << to_string(
               diagnose_text(rule.examples[0].text, rule.examples[0].host, knowledge()).evidence);
  }
}

// A rule on expiry also changes the outcome.
TEST(BuiltInRulesTest, EveryExampleOfExpiryMeansThatTheServerGaveUp) {
  int seen = 0;
  for (const Rule& rule : knowledge().rules().rules()) {
    if (rule.cause != Cause::kDeliveryTimedOut) continue;
    for (const RuleExample& example : rule.examples) {
      EXPECT_EQ(diagnose_text(example.text, example.host, knowledge()).outcome, Outcome::kGaveUp)
          << place(rule, example.line);
      ++seen;
    }
  }
  EXPECT_GT(seen, 0);
}

std::vector<std::string> ids(const std::vector<const Rule*>& rules) {
  std::vector<std::string> found;
  for (const Rule* const rule : rules) found.push_back(rule->id);
  return found;
}

std::vector<RuleFile> built_in_files() {
  std::vector<RuleFile> files;
  for (const EmbeddedFile& file : rule_files()) {
    files.push_back({std::string(file.name), std::string(file.content)});
  }
  return files;
}

// Our rules, those of the files read again.
RuleSet rules_of_files(std::span<const RuleFile> files) {
  RuleSet rules;
  rules.load(files, std::nullopt);
  for (const Rule& rule : knowledge().rules().rules()) {
    if (rule.file == "knowledge/provider-codes.tsv") rules.add(rule);
  }
  return rules;
}

TEST(BuiltInRulesTest, ThePackHoldsWhatTheFilesSay) {
  ASSERT_EQ(packed_rules().size(), 1U);
  EXPECT_TRUE(pack_rules(rules_of_files(built_in_files())) == packed_rules().front().content);
}

TEST(BuiltInRulesTest, APackThatIsCutOffIsRefused) {
  const std::string_view packed = packed_rules().front().content;
  EXPECT_THROW(unpack_rules(packed.substr(0, packed.size() / 2)), DataError);
}

// The order in lib/CMakeLists.txt means nothing: the tiers say which rule wins.
TEST(BuiltInRulesTest, TheOrderOfTheFilesMeansNothing) {
  std::vector<RuleFile> files = built_in_files();
  ASSERT_GT(files.size(), 40U);
  std::shuffle(files.begin(), files.end(), std::mt19937(1));
  const RuleSet shuffled = rules_of_files(files);
  for (const Rule& rule : knowledge().rules().rules()) {
    for (const RuleExample& example : rule.examples) {
      const RecipientDiagnosis found = diagnose_text(example.text, example.host, knowledge());
      const Hearing hearing = hear_pasted(example.text);
      EXPECT_EQ(ids(matching_rules(hearing, found.facts.provider, shuffled)),
                ids(matching_rules(hearing, found.facts.provider, knowledge().rules())))
          << place(rule, example.line);
    }
  }
}

// RE2 never backtracks, but a pattern of huge repetitions costs memory and time all the same.
TEST(BuiltInRulesTest, NoPatternIsHuge) {
  constexpr int kMaxProgram = 40000;
  for (const Rule& rule : knowledge().rules().rules()) {
    const RE2 pattern(rule.pattern, RE2::Quiet);
    EXPECT_LT(pattern.ProgramSize(), kMaxProgram) << rule.id;
  }
}

TEST(BuiltInRulesTest, HostileTextIsMatchedInTime) {
  std::string words;
  for (int i = 0; words.size() < 8000; ++i) {
    words += i % 3 == 0 ? "recipient " : i % 3 == 1 ? "not " : "sender's ";
  }
  const std::array<std::string, 4> texts = {std::string(8192, 'a'), words, std::string(8192, '<'),
                                            "550 " + std::string(8000, '\xC3')};
  for (const std::string& text : texts) {
    const auto start = std::chrono::steady_clock::now();
    knowledge().rules().matches(HeardText(text), {});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
        << text.substr(0, 20);
  }
}

// ---- Files ----

RuleSet rules_of(std::string_view toml) {
  RuleSet rules;
  rules.load(std::array{RuleFile{"test.toml", std::string(toml)}}, Tier::kOwn);
  rules.compile();
  return rules;
}

// What load() complains of; empty: nothing.
std::string complaint(std::string_view toml) {
  try {
    rules_of(toml);
    return "";
  } catch (const DataError& error) {
    return error.what();
  }
}

TEST(RuleFileTest, FaultsAreToldWithFileAndLine) {
  const auto complaint_of_rule = [](std::string_view rest) {
    return complaint("[[rule]]\nid = 'a'\ncause = 'mailbox-full'\n" + std::string(rest));
  };
  EXPECT_EQ(complaint("[[rule]]\nid = 'a'\ncause = 'broken-heart'\npattern = 'x'\n"
                      "examples = ['x']\n"),
            "test.toml:1: cause: no such cause: \"broken-heart\"");
  EXPECT_EQ(complaint("\n[[rule]]\nid = 'a'\ncause = 'mailbox-full'\npattern = 'x('\n"
                      "examples = ['x']\n"),
            "test.toml:2: rule \"a\": pattern: missing ): x(");
  EXPECT_EQ(complaint_of_rule("pattern = '{mailbox} full'\nexamples = ['x']\n"),
            "test.toml:1: no such word: {mailbox}");
  EXPECT_EQ(complaint_of_rule("pattern = '(?P<colour>x)'\nexamples = ['x']\n"),
            "test.toml:1: rule \"a\": pattern: \"colour\" is no fact's name");
  EXPECT_EQ(complaint_of_rule("pattern = 'x'\n"),
            "test.toml:1: examples: a rule needs at least one reply that it is for");
  EXPECT_EQ(complaint_of_rule("pattern = 'x*'\nexamples = ['x']\n"),
            "test.toml:1: rule \"a\": pattern: it matches every text");
  EXPECT_EQ(complaint_of_rule("pattern = 'x'\nunless = 'y('\nexamples = ['x']\n"),
            "test.toml:1: rule \"a\": unless: missing ): y(");
  EXPECT_EQ(complaint_of_rule("pattern = 'x'\nunless = 'y*'\nexamples = ['x']\n"),
            "test.toml:1: rule \"a\": unless: it matches every text");
  EXPECT_EQ(complaint_of_rule("pattern = 'x'\nexamples = ['x']\ncounter_examples = 'y'\n"),
            "test.toml:6: counter_examples: expected an array");
  EXPECT_EQ(complaint_of_rule("pattern = 'x'\nstrength = 'weak'\nexamples = ['x']\n"),
            "test.toml:1: strength: expected hint, strong or decisive");
  EXPECT_EQ(complaint("[[rule]]\ncause = 'mailbox-full'\npattern = 'x'\nexamples = ['x']\n"),
            "test.toml:1: id: a rule needs one");
}

TEST(RuleFileTest, AnIdStandsOnce) {
  const std::string rule =
      "[[rule]]\nid = 'a'\ncause = 'mailbox-full'\npattern = 'x'\nexamples = ['x']\n";
  EXPECT_EQ(complaint(rule + rule), "test.toml:6: rule \"a\" stands in test.toml:1 already");
}

TEST(RuleFileTest, WordsAreMadeOfThoseAboveThem) {
  const RuleSet rules = rules_of(
      "[words]\nzebra2 = 'a|b'\nant = '{zebra2}x'\n"
      "[[rule]]\nid = 'a'\ncause = 'mailbox-full'\npattern = '^{ant}{2}$'\nexamples = ['axbx']\n");
  EXPECT_EQ(rules.matches(HeardText("axbx"), {}).size(), 1U);
  EXPECT_EQ(rules.matches(HeardText("ax"), {}).size(), 0U);
  EXPECT_EQ(complaint("[words]\na = '{b}'\nb = 'x'\n"), "test.toml:2: no such word: {b}");
}

// ---- Matching ----

constexpr std::string_view kConditions = R"(
[[rule]]
id = "permanent"
cause = "mailbox-full"
class = 5
pattern = 'a'
examples = ["a"]

[[rule]]
id = "code"
cause = "mailbox-full"
codes = [550, 552]
pattern = 'a'
examples = ["a"]

[[rule]]
id = "status"
cause = "mailbox-full"
statuses = ["5.2.2"]
pattern = 'a'
examples = ["a"]

[[rule]]
id = "stage"
cause = "mailbox-full"
stage = "rcpt"
pattern = 'a'
examples = ["a"]

[[rule]]
id = "provider"
cause = "mailbox-full"
providers = ["gmail"]
pattern = 'a'
examples = ["a"]
)";

TEST(RuleMatchingTest, ConditionsMustHold) {
  const RuleSet rules = rules_of(kConditions);
  const EnhancedStatus full{5, 2, 2};
  EXPECT_THAT(ids(rules.matches(HeardText("a"), {})), ElementsAre());
  EXPECT_THAT(ids(rules.matches(HeardText("a"), {.code = 550})), ElementsAre("code", "permanent"));
  EXPECT_THAT(ids(rules.matches(HeardText("a"), {.code = 452})), ElementsAre());
  EXPECT_THAT(ids(rules.matches(HeardText("a"), {.status = full})),
              ElementsAre("status", "permanent"));
  EXPECT_THAT(ids(rules.matches(HeardText("a"), {.stage = Stage::kRcpt})), ElementsAre("stage"));
  EXPECT_THAT(ids(rules.matches(HeardText("a"), {.provider = "gmail"})), ElementsAre("provider"));
  EXPECT_THAT(ids(rules.matches(HeardText("b"), {.provider = "gmail"})), ElementsAre());
}

TEST(RuleMatchingTest, ARuleDoesNotHoldWhereItsUnlessMatchesToo) {
  const RuleSet rules = rules_of(
      "[words]\nsender = 'sender'\n[[rule]]\nid = 'disabled'\ncause = 'recipient-disabled'\n"
      "pattern = 'disabled'\nunless = '{sender}'\nexamples = ['disabled']\n");
  const Rule& rule = rules.rules().front();
  const HeardText of_recipient("mailbox disabled");
  const HeardText of_sender("disabled: SENDER's mailbox");
  const HeardText of_link("disabled, see https://sender.example/");
  EXPECT_THAT(ids(rules.matches(of_recipient, {})), ElementsAre("disabled"));
  EXPECT_THAT(ids(rules.matches(of_sender, {})), ElementsAre());
  EXPECT_THAT(ids(rules.matches(of_link, {})), ElementsAre("disabled"));
  EXPECT_TRUE(rules.holds(rule, of_recipient, {}));
  EXPECT_FALSE(rules.holds(rule, of_sender, {}));
}

constexpr std::string_view kRanks = R"(
[[rule]]
id = "decisive"
cause = "mailbox-full"
strength = "decisive"
pattern = 'a'
examples = ["a"]

[[rule]]
id = "provider"
cause = "mailbox-full"
providers = ["gmail"]
pattern = 'a'
examples = ["a"]

[[rule]]
id = "two-conditions"
cause = "mailbox-full"
codes = [550]
stage = "rcpt"
pattern = 'a'
examples = ["a"]

[[rule]]
id = "class"
cause = "mailbox-full"
class = 5
pattern = 'a'
examples = ["a"]

[[rule]]
id = "later"
cause = "mailbox-full"
pattern = 'a'
examples = ["a"]

[[rule]]
id = "hint"
cause = "mailbox-full"
strength = "hint"
pattern = 'a'
examples = ["a"]
)";

TEST(RuleMatchingTest, TheBestComesFirst) {
  const RuleSet rules = rules_of(kRanks);
  const RuleContext context{.provider = "gmail", .code = 550, .stage = Stage::kRcpt};
  EXPECT_THAT(ids(rules.matches(HeardText("a"), context)),
              ElementsAre("decisive", "provider", "two-conditions", "later", "class", "hint"));
}

RuleFile file_of(const std::string& name, const std::string& tier) {
  const std::string said = tier.empty() ? "" : "tier = '" + tier + "'\n";
  return {name + ".toml", said + "[[rule]]\nid = '" + name +
                              "'\ncause = 'mailbox-full'\npattern = 'a'\nexamples = ['a']\n"};
}

TEST(RuleMatchingTest, OfEqualRulesThatOfTheHigherTierComesFirst) {
  RuleSet rules;
  rules.load(std::array{file_of("b-provider", "provider"), file_of("z-vague", "vague"),
                        file_of("a-provider", "provider"), file_of("a-language", "language")},
             std::nullopt);
  rules.load(std::array{file_of("own-first", "vague"), file_of("own", "")}, Tier::kOwn);
  rules.compile();
  EXPECT_THAT(ids(rules.matches(HeardText("a"), {})),
              ElementsAre("own", "b-provider", "a-provider", "a-language", "own-first", "z-vague"));
}

TEST(RuleFileTest, ABuiltInFileNamesItsTier) {
  const auto complaint_of = [](const RuleFile& file) -> std::string {
    try {
      RuleSet().load(std::span(&file, 1), std::nullopt);
      return "";
    } catch (const DataError& error) {
      return error.what();
    }
  };
  constexpr const char* kTiers =
      ", expected one of vague, server, message, recipient, sender, unmistakable, combination, "
      "language, common-software, software, provider, own";
  EXPECT_EQ(complaint_of(file_of("x", "")), std::string("x.toml:1: tier: \"\"") + kTiers);
  EXPECT_EQ(complaint_of(file_of("x", "top")), std::string("x.toml:1: tier: \"top\"") + kTiers);
  EXPECT_EQ(complaint_of(file_of("x", "vague")), "");
}

TEST(RuleMatchingTest, NamedGroupsBecomeCaptures) {
  const RuleSet rules = rules_of(
      "[[rule]]\nid = 'a'\ncause = 'message-too-large'\n"
      "pattern = '(?P<message_size>\\d+) over (?P<size_limit>\\d+)|too (?P<lookup>big)'\n"
      "examples = ['1 over 2']\n");
  EXPECT_THAT(rules.captures(rules.rules().front(), HeardText("552 20 OVER 10")),
              ElementsAre(Pair("message_size", "20"), Pair("size_limit", "10")));
  EXPECT_THAT(rules.captures(rules.rules().front(), HeardText("552 under")), ElementsAre());
}

// What is masked for the pattern is there in the fact.
TEST(RuleMatchingTest, CapturesHaveTheirLocalParts) {
  const RuleSet rules = rules_of(
      "[[rule]]\nid = 'a'\ncause = 'recipient-moved'\n"
      "pattern = '^551 (?P<refused_sender>\\S+) try (?P<new_address>\\S+@\\S+)(?P<limit> .*)?'\n"
      "examples = ['551 a@b.example try a@b.example']\n");
  const auto captures = [&](std::string_view text) {
    return rules.captures(rules.rules().front(), HeardText(text));
  };
  EXPECT_THAT(captures("551 anna.lind@a.example try anna+new@b.example"),
              ElementsAre(Pair("refused_sender", "anna.lind@a.example"),
                          Pair("new_address", "anna+new@b.example")));
  EXPECT_THAT(captures("551 x@a.example try y@b.example or zoe@c.example now"),
              ElementsAre(Pair("refused_sender", "x@a.example"), Pair("new_address", "y@b.example"),
                          Pair("limit", " or zoe@c.example now")));
}

}  // namespace
}  // namespace plainbounce

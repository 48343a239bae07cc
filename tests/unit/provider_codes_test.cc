// The short codes of provider-codes.tsv. That every row's example reaches it, rules_test.cc tells.
#include "lib/knowledge/provider_codes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/base/data_error.h"

namespace plainbounce {
namespace {

constexpr std::string_view kHeader =
    "code\tclass\tprovider\tcause\treliability\tmeaning\texample\n";

Providers providers() {
  Providers providers;
  providers.load(
      "providers.toml",
      "[[provider]]\nid = 'acme'\nname = 'Acme'\nsoftware = false\nhosts = ['a.example']\n");
  return providers;
}

std::vector<Rule> parse(const std::string& rows) {
  return parse_provider_codes("codes.tsv", std::string(kHeader) + rows, providers());
}

std::string complaint_about(const std::string& rows) {
  try {
    parse(rows);
    return "";
  } catch (const DataError& error) {
    return error.what();
  }
}

// The id of the best rule for a text of class `reply_class`; empty: none holds.
std::string heard(const std::string& rows, std::string_view text, int code = 550) {
  RuleSet rules;
  for (Rule& rule : parse(rows)) rules.add(std::move(rule));
  rules.compile();
  const auto found = rules.matches(HeardText(text), {.code = code});
  return found.empty() ? "" : found.front()->id;
}

constexpr const char* kOne = "AB*_1?\t-\tacme\tmailbox-full\treliable\tFull\tAB_12\n";

TEST(ProviderCodesTest, ARowIsARule) {
  const std::vector<Rule> rules = parse(kOne);
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].id, "code-AB*_1?");
  EXPECT_EQ(rules[0].cause, Cause::kMailboxFull);
  EXPECT_EQ(rules[0].strength, Strength::kDecisive);
  EXPECT_EQ(rules[0].tier, Tier::kProvider);
  EXPECT_TRUE(rules[0].providers.empty());
  ASSERT_EQ(rules[0].examples.size(), 1U);
  EXPECT_EQ(rules[0].examples[0].text, "AB_12");
}

TEST(ProviderCodesTest, WildcardsStandForLettersAndDigits) {
  for (const char* const text : {"550 AB_12", "550 no. ab007_1x", "AB_12.", "(AB_12)", "AB_12 [12]",
                                 "see https://a.example/e?AB_12", "see https://a.example/AB_12/"}) {
    EXPECT_EQ(heard(kOne, text), "code-AB*_1?") << text;
  }
}

TEST(ProviderCodesTest, APercentSignStandsForADigit) {
  const char* const row = "[A%]\t-\t-\tgreylisted\tmostly\tLater\t[A1]\n";
  EXPECT_EQ(heard(row, "550 [A2]"), "code-[A%]");
  EXPECT_EQ(heard(row, "550 [AX]"), "");
}

TEST(ProviderCodesTest, APartOfALongerWordOrAHostIsNoCode) {
  for (const char* const text : {"550 XAB_12", "550 AB_123", "AB_1", "ab_12.a.example", "x-AB_12",
                                 "x.AB_12", "AB_12-x", "A B_12"}) {
    EXPECT_EQ(heard(kOne, text), "") << text;
  }
}

TEST(ProviderCodesTest, BracketsBelongToTheCodeThatHasThem) {
  const char* const row = "[A?] (A?)\t-\t-\tgreylisted\tmostly\tLater\t[A1]\n";
  EXPECT_EQ(heard(row, "no[A1]x"), "code-[A?]");
  EXPECT_EQ(heard(row, "no(A1)x"), "code-[A?]");
  EXPECT_EQ(heard(row, "no A1 x"), "");
}

TEST(ProviderCodesTest, TheLaterOfEquallyReliableRowsWins) {
  const std::string rows =
      "A??\t-\t-\tpolicy-refused\tmostly\tFamily\tA11\n"
      "A12\t-\t-\tmailbox-full\tmostly\tFull\tA12\n"
      "A12\t4\t-\tgreylisted\tmostly\tLater\t451 A12\n";
  EXPECT_EQ(heard(rows, "550 A13"), "code-A??");
  EXPECT_EQ(heard(rows, "550 A12"), "code-A12");
  EXPECT_EQ(heard(rows, "451 A12", 451), "code-A12-class-4");
}

TEST(ProviderCodesTest, FaultsAreToldWithFileAndLine) {
  EXPECT_EQ(complaint_about("A1\t-\t-\tbroken-heart\tmostly\tx\tA1\n"),
            "codes.tsv:2: no such cause: \"broken-heart\"");
  EXPECT_EQ(complaint_about("A1\t-\tnobody\tmailbox-full\tmostly\tx\tA1\n"),
            "codes.tsv:2: no such provider: \"nobody\"");
  EXPECT_EQ(complaint_about("A1\t-\t-\tmailbox-full\tsure\tx\tA1\n"),
            "codes.tsv:2: reliability \"sure\", expected reliable, mostly or overloaded");
  EXPECT_EQ(complaint_about("A1\t2\t-\tmailbox-full\tmostly\tx\tA1\n"),
            "codes.tsv:2: class \"2\", expected 4, 5 or -");
  EXPECT_EQ(complaint_about("-\t-\t-\tmailbox-full\tmostly\tx\tA1\n"),
            "codes.tsv:2: code: a row needs one");
  EXPECT_EQ(complaint_about("A1\t-\t-\tmailbox-full\tmostly\tx\t-\n"),
            "codes.tsv:2: example: a row needs one");
}

}  // namespace
}  // namespace plainbounce

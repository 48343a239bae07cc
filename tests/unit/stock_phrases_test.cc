#include "lib/knowledge/stock_phrases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "tests/unit/reading.h"

namespace plainbounce {
namespace {

using ::testing::HasSubstr;

constexpr const char* kHeading = "purpose\tphrase\texample\n";

template <typename Load>
std::string complaint(const Load& load) {
  try {
    StockPhrases phrases;
    load(phrases);
  } catch (const DataError& error) {
    return error.what();
  }
  return {};
}

std::string table_complaint(const std::string& rows) {
  return complaint([&](StockPhrases& phrases) { phrases.load("x.tsv", kHeading + rows); });
}

std::string own_complaint(const std::string& toml) {
  return complaint([&](StockPhrases& phrases) { phrases.load_own("own.toml", toml); });
}

TEST(BuiltInPhrases, NoneStandsTwice) {
  std::set<std::pair<PhrasePurpose, std::string_view>> seen;
  for (const StockPhrase& row : built_in_phrases().all()) {
    EXPECT_TRUE(seen.emplace(row.purpose, row.phrase).second) << row.phrase;
  }
  EXPECT_GT(seen.size(), 250U);
}

TEST(BuiltInPhrases, EveryPurposeHasSome) {
  for (std::size_t i = 0; i < kIds<PhrasePurpose>.size(); ++i) {
    const auto purpose = static_cast<PhrasePurpose>(i);
    EXPECT_EQ(parse_id<PhrasePurpose>(id_of(purpose)), purpose);
    EXPECT_TRUE(std::any_of(built_in_phrases().all().begin(), built_in_phrases().all().end(),
                            [&](const StockPhrase& row) { return row.purpose == purpose; }))
        << id_of(purpose);
  }
}

// Knowledge reads them from the administrator's files only; ours have one place, the table.
TEST(BuiltInPhrases, StandInNoRuleFile) {
  for (const EmbeddedFile& file : rule_files()) {
    EXPECT_EQ(file.content.find("[[phrase]]"), std::string_view::npos) << file.name;
  }
}

TEST(StockPhrases, SpacingAndCaseDoNotCount) {
  const StockPhrases& phrases = built_in_phrases();
  EXPECT_TRUE(phrases.stand_in("---- ORIGINAL   message\nfollows", PhrasePurpose::kReturned));
  EXPECT_FALSE(
      phrases.stand_in("The original message was received at noon", PhrasePurpose::kReturned));
  EXPECT_TRUE(phrases.stand_in("НЕ УДАЛОСЬ доставить", PhrasePurpose::kFailure));
  EXPECT_TRUE(phrases.stand_in("Échec de la remise", PhrasePurpose::kFailure));
}

TEST(StockPhrases, FaultsOfATableAreToldWithFileAndLine) {
  EXPECT_EQ(table_complaint("failure\tnot sent\tIt was not sent\n"), "");
  EXPECT_THAT(
      table_complaint("\nfailed\tnot sent\tIt was not sent\n"),
      HasSubstr("x.tsv:3: purpose: no such purpose: \"failed\", expected one of: failure,"));
  EXPECT_THAT(table_complaint("failure\tnot sent\n"), HasSubstr("x.tsv:2: 2 cells, expected 3"));
  EXPECT_THAT(table_complaint("failure\tnot sent\tIt went\n"),
              HasSubstr("x.tsv:2: phrase \"not sent\": it doesn't stand in its example"));
  EXPECT_THAT(table_complaint("failure\t no \tno\n"),
              HasSubstr("x.tsv:2: phrase: \"no\" is too short, expected 4 bytes or more"));
}

TEST(StockPhrases, FaultsOfAnOwnFileAreToldWithFileAndLine) {
  EXPECT_THAT(own_complaint("\n[[phrase]]\npurpose = \"system\"\nphrase = \"Postbot\"\n"),
              HasSubstr("own.toml:2: phrase \"postbot\": it doesn't stand in its example"));
  EXPECT_THAT(own_complaint("[[phrase]]\npurpose = \"system\"\nwords = \"Postbot\"\n"),
              HasSubstr("own.toml:3: unknown key \"words\""));
  EXPECT_THAT(own_complaint("phrase = 1\n"), HasSubstr("own.toml:1: phrase: expected [[phrase]]"));
}

TEST(StockPhrases, OwnOnesStandBesideRules) {
  StockPhrases phrases;
  phrases.load_own("own.toml",
                   "[words]\nx = 'y'\n[[rule]]\nid = 'x'\n"
                   "[[phrase]]\npurpose = 'returned'\nphrase = 'Here it  is AGAIN'\n"
                   "example = '*** here it is again ***'\n");
  ASSERT_EQ(phrases.all().size(), 1U);
  EXPECT_EQ(phrases.all()[0].phrase, "here it is again");
  EXPECT_EQ(phrases.all()[0].line, 5);
  EXPECT_TRUE(phrases.stand_in("Here it is\tagain:", PhrasePurpose::kReturned));
}

// A kind of bounce that no built-in phrase knows is one for the house that names its words.
TEST(StockPhrases, OwnOnesDecideWhatABounceIs) {
  const std::string message =
      "Return-Path: <>\nFrom: Postbot <postbot@example.net>\nSubject: Sorry about your letter\n\n"
      "<anna@example.net>: no room left\n\n*** Here it is again ***\n\nSubject: Lunch\n\nHi\n";
  EXPECT_EQ(read_report(message).kind, MessageKind::kNotABounce);
  StockPhrases phrases = built_in_phrases();
  phrases.load_own("own.toml",
                   "[[phrase]]\npurpose = 'failure'\nphrase = 'sorry about your letter'\n"
                   "example = 'Sorry about your letter'\n"
                   "[[phrase]]\npurpose = 'returned'\nphrase = '*** here it is again'\n"
                   "example = '*** Here it is again ***'\n");
  const Report report = read_report(message, phrases);
  EXPECT_EQ(report.kind, MessageKind::kOtherBounce);
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].final_recipient, "anna@example.net");
  EXPECT_EQ(report.returned.subject, "Lunch");
}

}  // namespace
}  // namespace plainbounce

#include "lib/knowledge/codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/data_error.h"
#include "lib/knowledge/knowledge.h"

namespace plainbounce {
namespace {

constexpr const char* kReplyHeader =
    "code\tkind\tmeaning\tstandard\tcause\treliability\texplanation\n";
constexpr const char* kStatusHeader =
    "code\tprovider\tmeaning\tstandard\tcause\tcause_if_temporary\treliability\texplanation\n";

std::string fault_of(auto load, const std::string& text) {
  CodeTables tables;
  try {
    load(tables, text);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no fault";
}

std::string reply_fault(const std::string& rows) {
  return fault_of([](CodeTables& t, const std::string& s) { t.load_reply_codes("r.tsv", s); },
                  kReplyHeader + rows);
}

std::string status_fault(const std::string& rows) {
  return fault_of([](CodeTables& t, const std::string& s) { t.load_status_codes("s.tsv", s); },
                  kStatusHeader + rows);
}

TEST(CodeTablesTest, FaultsAreToldWithFileAndLine) {
  EXPECT_THAT(reply_fault("550\tpermanent\tm\tRFC 5321\n"),
              testing::StartsWith("r.tsv:2: 4 cells"));
  EXPECT_THAT(reply_fault("550\tfatal\tm\ts\t-\treliable\te\n"),
              testing::HasSubstr("r.tsv:2: no such kind"));
  EXPECT_THAT(reply_fault("5x0\tpermanent\tm\ts\t-\treliable\te\n"),
              testing::HasSubstr("expected a number"));
  EXPECT_THAT(reply_fault("# comment\n550\tpermanent\tm\ts\tnone\treliable\te\n"),
              testing::StartsWith("r.tsv:3: no such cause: \"none\""));
  EXPECT_THAT(reply_fault("550\tpermanent\tm\ts\t-\tvery\te\n"), testing::HasSubstr("reliability"));
  EXPECT_THAT(
      reply_fault("550\tpermanent\tm\ts\t-\treliable\te\n550\tpermanent\tm\ts\t-\treliable\te\n"),
      testing::HasSubstr("r.tsv:3: reply code 550 stands twice"));
  EXPECT_THAT(status_fault("X.1\t-\tm\ts\t-\t-\treliable\te\n"),
              testing::HasSubstr("no enhanced status code"));
  EXPECT_EQ(reply_fault("550\tpermanent\tm\ts\tmailbox-full\treliable\te\n"), "no fault");
}

TEST(CodeTablesTest, MissingColumnIsAFault) {
  CodeTables tables;
  EXPECT_THROW(tables.load_reply_codes("r.tsv", "code\tkind\n"), DataError);
}

TEST(CodeTablesTest, TheProvidersOwnMeaningComesFirstAndOthersDont) {
  CodeTables tables;
  tables.load_status_codes("s.tsv",
                           std::string(kStatusHeader) +
                               "X.4.1\t-\tgeneral\ts\tserver-unreachable\t-\tmostly\te\n"
                               "5.4.1\tms\tits own\ts\trecipient-unknown\t-\tmostly\te\n"
                               "5.4.1\tother\tanother's\ts\trelay-denied\t-\tmostly\te\n"
                               "4.4.1\t-\tclass 4\ts\tserver-unreachable\t-\treliable\te\n");
  const auto rows = tables.status_code({5, 4, 1}, "ms");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]->meaning, "its own");
  EXPECT_EQ(rows[1]->meaning, "general");
  EXPECT_EQ(tables.status_code({4, 4, 1}, "")[0]->meaning, "class 4");
  EXPECT_EQ(tables.all_meanings({5, 4, 1}).size(), 3U);
  EXPECT_TRUE(tables.status_code({5, 9, 9}, "ms").empty());
}

TEST(CodeTablesTest, ATemporaryCodeMayMeanSomethingElse) {
  CodeTables tables;
  tables.load_status_codes(
      "s.tsv", std::string(kStatusHeader) +
                   "X.1.1\t-\tm\ts\trecipient-unknown\trecipient-unavailable\treliable\te\n");
  const StatusCodeEntry& row = tables.status_codes()[0];
  EXPECT_EQ(row.code(), "X.1.1");
  EXPECT_EQ(row.cause_for_class(5), Cause::kRecipientUnknown);
  EXPECT_EQ(row.cause_for_class(4), Cause::kRecipientUnavailable);
}

TEST(CodeTablesTest, OnlyCodesThatServersSendSoLoseTheirDots) {
  EXPECT_EQ(CodeTables::undotted(511), (EnhancedStatus{5, 1, 1}));
  EXPECT_EQ(CodeTables::undotted(571), (EnhancedStatus{5, 7, 1}));
  for (const int code : {421, 450, 451, 452, 550, 551, 552, 553, 554, 101, 111, 250}) {
    EXPECT_FALSE(CodeTables::undotted(code)) << code;
  }
}

}  // namespace
}  // namespace plainbounce

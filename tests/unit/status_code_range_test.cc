// Ranges of enhanced status codes in status-codes.tsv.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "lib/base/data_error.h"
#include "lib/knowledge/codes.h"
#include "lib/knowledge/knowledge.h"

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kHeader =
    "code\tprovider\tmeaning\tstandard\tcause\tcause_if_temporary\treliability\texplanation\n";

std::string row(std::string_view code, std::string_view provider) {
  return std::string(code) + "\t" + std::string(provider) +
         "\tMeaning\tvendor\tpolicy-refused\t-\treliable\tExplanation.\n";
}

CodeTables tables_of(const std::vector<std::string>& rows) {
  std::string tsv(kHeader);
  for (const std::string& line : rows) tsv += line;
  CodeTables tables;
  tables.load_status_codes("status-codes.tsv", tsv);
  return tables;
}

std::vector<std::string> codes_for(const CodeTables& tables, const EnhancedStatus& status) {
  std::vector<std::string> codes;
  for (const StatusCodeEntry* entry : tables.status_code(status, "acme")) {
    codes.push_back(entry->code());
  }
  return codes;
}

TEST(StatusCodeRange, CoversBothEndsAndNothingBeyond) {
  const CodeTables tables = tables_of({row("4.7.500-699", "acme")});
  EXPECT_THAT(codes_for(tables, {4, 7, 499}), IsEmpty());
  EXPECT_THAT(codes_for(tables, {4, 7, 500}), ElementsAre("4.7.500-699"));
  EXPECT_THAT(codes_for(tables, {4, 7, 699}), ElementsAre("4.7.500-699"));
  EXPECT_THAT(codes_for(tables, {4, 7, 700}), IsEmpty());
  EXPECT_THAT(codes_for(tables, {5, 7, 500}), IsEmpty());
}

TEST(StatusCodeRange, GivesWayToTheProvidersRowForTheVeryCode) {
  const CodeTables tables =
      tables_of({row("5.7.700-749", "acme"), row("5.7.708", "acme"), row("X.7.708", "-")});
  EXPECT_THAT(codes_for(tables, {5, 7, 708}), ElementsAre("5.7.708", "X.7.708"));
  EXPECT_THAT(codes_for(tables, {5, 7, 709}), ElementsAre("5.7.700-749"));
}

TEST(StatusCodeRange, StandsBesideTheGeneralMeaning) {
  const CodeTables tables = tables_of({row("X.7.5", "-"), row("X.7.1-9", "acme")});
  EXPECT_THAT(codes_for(tables, {4, 7, 5}), ElementsAre("X.7.1-9", "X.7.5"));
}

TEST(StatusCodeRange, MustNotEndBeforeItBegins) {
  try {
    tables_of({row("4.7.699-500", "acme")});
    FAIL() << "loaded";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("status-codes.tsv:2: \"4.7.699-500\""));
  }
}

TEST(StatusCodeRange, MustEndInANumberOfThreeDigits) {
  EXPECT_THROW(tables_of({row("4.7.500-", "acme")}), DataError);
  EXPECT_THROW(tables_of({row("4.7.500-1000", "acme")}), DataError);
}

}  // namespace
}  // namespace plainbounce

// The vocabulary of causes is whole: each has an id, traits, and something that leads to it. That
// it has its texts in every language is seen in messages_test.cc. docs/causes.md says how to add
// one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/knowledge/knowledge.h"

namespace plainbounce {
namespace {

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

std::string source(const std::string& path) {
  std::ifstream in(std::string(PLAINBOUNCE_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

std::vector<Cause> all_causes() {
  std::vector<Cause> causes;
  for (std::size_t i = 0; i < kCauseCount; ++i) causes.push_back(static_cast<Cause>(i));
  return causes;
}

// Of a failure, and known.
bool is_reason(Cause cause) {
  return cause != Cause::kUnexplained && !knowledge().cause(cause).success;
}

// "kMailboxFull" -> "mailbox-full"
std::string id_for(std::string_view enumerator) {
  std::string id;
  for (const char c : enumerator.substr(1)) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    if (is_capital && !id.empty()) id += '-';
    id += ascii_lower(std::string_view(&c, 1));
  }
  return id;
}

TEST(CausesTest, EveryEnumeratorIsCalledAsItsId) {
  const std::string header = source("lib/knowledge/cause.h");
  const std::size_t begin = header.find("enum class Cause {");
  const std::string list = header.substr(begin, header.find('}', begin) - begin);
  const std::regex word(R"(\b(k[A-Z]\w+))");
  std::size_t number = 0;
  for (std::sregex_iterator it(list.begin(), list.end(), word); it != std::sregex_iterator();
       ++it) {
    EXPECT_EQ(id_for(it->str()), id_of(static_cast<Cause>(number++)));
  }
  EXPECT_EQ(number, kCauseCount);
}

// ---- causes.tsv ----

std::string table() {
  return std::string(embedded_file(knowledge_files(), "knowledge/causes.tsv").content);
}

// What is said of the table where `from` in it has become `to`.
std::string complaint(const std::string& from, const std::string& to) {
  std::string changed = table();
  const std::size_t place = changed.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  changed.replace(place, from.size(), to);
  try {
    CauseTable().load("causes.tsv", changed);
    return "";
  } catch (const DataError& error) {
    return error.what();
  }
}

TEST(CausesTest, ARowThatIsMissingOrElsewhereIsNoticed) {
  EXPECT_THROW(CauseTable().load("causes.tsv", table().substr(0, table().find("unexplained\t"))),
               DataError);
  EXPECT_NE(complaint("\nmailbox-full\t", "\nmailbox-fill\t")
                .find("\"mailbox-fill\", expected \"mailbox-full\", as in cause.h"),
            std::string::npos);
  EXPECT_NE(complaint("\nlist-failure\t", "\ndns-failure\t")
                .find("\"dns-failure\", expected \"list-failure\", as in cause.h"),
            std::string::npos);
  EXPECT_THROW(
      CauseTable().load("causes.tsv", table() + table().substr(table().rfind("\nunex") + 1)),
      DataError);
}

TEST(CausesTest, ATraitThatIsNoneIsNoticed) {
  constexpr const char* kRow = "\nlist-failure\t-\trecipient_admin\t-\t-\t";
  EXPECT_NE(complaint(kRow, "\nlist-failure\t-\tpostman\t-\t-\t")
                .find("actor: \"postman\", expected one of sender, recipient, sender_admin"),
            std::string::npos);
  EXPECT_NE(complaint(kRow, "\nlist-failure\t-\t-\t-\t-\t").find("actor: \"\", expected"),
            std::string::npos);
  EXPECT_NE(complaint(kRow, "\nlist-failure\t-\trecipient_admin\t-\tno\t")
                .find("about_address: \"no\", expected yes or -"),
            std::string::npos);
  EXPECT_NE(
      complaint(kRow, "\nlist-failure\t-\trecipient_admin\t-\t").find("22 cells, expected 23"),
      std::string::npos);
}

std::vector<std::string> columns() {
  std::istringstream header(table().substr(0, table().find('\n')));
  std::vector<std::string> names;
  for (std::string name; std::getline(header, name, '\t');) names.push_back(name);
  return names;
}

TEST(CausesTest, EveryTraitIsExplained) {
  const std::string manual = source("docs/causes.md");
  ASSERT_GT(columns().size(), 10U);
  for (const std::string& name : columns()) {
    if (name == "cause") continue;
    EXPECT_NE(table().find("\n# " + name + " "), std::string::npos) << name;
    EXPECT_NE(manual.find("\n| `" + name + "` |"), std::string::npos) << name;
  }
}

TEST(CausesTest, EverySuccessHasACauseAndNoFailureHas) {
  const CauseTable& causes = knowledge().causes();
  EXPECT_EQ(causes.of_success(Outcome::kDelivered), Cause::kDelivered);
  EXPECT_EQ(causes.of_success(Outcome::kRelayed), Cause::kRelayed);
  EXPECT_EQ(causes.of_success(Outcome::kExpanded), Cause::kExpanded);
  for (const Outcome outcome : {Outcome::kFailed, Outcome::kGaveUp, Outcome::kDelayed}) {
    EXPECT_EQ(causes.of_success(outcome), std::nullopt);
  }
}

// ---- What leads to a cause ----

TEST(CausesTest, EveryReasonHasARule) {
  const std::vector<Rule>& rules = knowledge().rules().rules();
  for (const Cause cause : all_causes()) {
    if (!is_reason(cause)) continue;
    EXPECT_TRUE(std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
      return rule.cause == cause;
    })) << id_of(cause);
  }
}

TEST(CausesTest, EveryCauseHasASample) {
  const std::string scenarios = source("tests/samples/scenarios.toml");
  for (const Cause cause : all_causes()) {
    const std::regex line(fmt::format("(^|\n)cause += [^\n]*\"{}\"", id_of(cause)));
    EXPECT_TRUE(std::regex_search(scenarios, line)) << id_of(cause);
  }
}

}  // namespace
}  // namespace plainbounce

// The table of facts, and all that must have each of them.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "lib/knowledge/facts.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/groups.h"
#include "tests/unit/language_files.h"

namespace plainbounce {
namespace {

void set(std::optional<Timestamp>& value) { value = Timestamp{1, 0}; }
template <typename T>
void set(std::optional<T>& value) {
  value = 4711;
}
void set(std::string& value) { value = "a@example.org"; }
void set(bool& value) { value = true; }

// Facts of which only this one is known.
Facts only(const FactEntry& fact) {
  Facts facts;
  std::visit([&](auto member) { set(facts.*member); }, fact.member);
  return facts;
}

TEST(FactTableTest, EveryRowIsAFieldOfItsOwn) {
  for (const FactEntry& fact : kFacts) {
    EXPECT_EQ(find_fact(fact.name), &fact);
    const Facts facts = only(fact);
    EXPECT_TRUE(is_known(fact, facts)) << fact.name;
    for (const FactEntry& other : kFacts) {
      const bool is_other = &other != &fact && other.kind != FactKind::kFlag;
      EXPECT_FALSE(is_other && is_known(other, facts)) << fact.name << " is " << other.name;
    }
  }
}

TEST(FactTableTest, OnlyWhatWordsCanTellIsCaptured) {
  for (const FactEntry& fact : kFacts) {
    const bool has_words = fact.kind != FactKind::kMoment && fact.kind != FactKind::kFlag;
    EXPECT_TRUE(has_words || !fact.captured) << fact.name;
    EXPECT_EQ(is_captured_fact(fact.name), fact.captured);
  }
}

TEST(FactTableTest, WhatOneRecipientHasIsNotToldForAll) {
  const Knowledge knowledge = Knowledge::load();
  for (const FactEntry& fact : kFacts) {
    Diagnosis diagnosis;
    diagnosis.recipients.resize(2);
    diagnosis.recipients[0].facts = only(fact);
    const auto groups = group_recipients(diagnosis, knowledge.causes());
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].facts, Facts()) << fact.name;
  }
}

// The rows of the table in docs/facts.md without what each says.
std::vector<std::string> rows_of_guide() {
  std::ifstream guide(std::string(PLAINBOUNCE_SOURCE_DIR) + "/docs/facts.md");
  std::vector<std::string> rows;
  for (std::string line; std::getline(guide, line);) {
    if (!line.starts_with("| `")) continue;
    const std::size_t says = line.find('|', line.find('|', 1) + 1);
    line.erase(says, line.find('|', says + 1) - says);
    rows.push_back(line);
  }
  return rows;
}

TEST(FactTableTest, TheGuideHasEveryFactAsItIs) {
  std::vector<std::string> rows;
  for (const FactEntry& fact : kFacts) {
    rows.push_back("| `" + std::string(fact.name) + "` | " + std::string(id_of(fact.kind)) + " | " +
                   (fact.captured ? "yes" : "no") + " | " +
                   (fact.scope == FactScope::kShared ? "all" : "one") + " |");
  }
  EXPECT_EQ(rows, rows_of_guide());
}

TEST(FactTableTest, TheManualHasEveryFact) {
  std::ifstream page(std::string(PLAINBOUNCE_SOURCE_DIR) + "/docs/man/plainbounce.1.scd");
  const std::string manual{std::istreambuf_iterator<char>(page), std::istreambuf_iterator<char>()};
  for (const FactEntry& fact : kFacts) {
    if (fact.kind == FactKind::kFlag) continue;
    EXPECT_NE(manual.find("*" + std::string(fact.name) + "*"), std::string::npos) << fact.name;
  }
}

TEST(FactTableTest, EveryLineHasALabelInEveryLanguage) {
  for (const std::string& language : language_files()) {
    const Messages messages = read_language_file(language);
    for (const FactEntry& fact : kFacts) {
      if (fact.label.empty()) continue;
      EXPECT_TRUE(messages.all().contains("label." + std::string(fact.label)))
          << language << " has no label for " << fact.name;
    }
  }
}

}  // namespace
}  // namespace plainbounce

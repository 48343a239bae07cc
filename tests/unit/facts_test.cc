#include "lib/knowledge/facts.h"

#include <gtest/gtest.h>

#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/fill_facts.h"
#include "lib/notice/groups.h"
#include "tests/unit/language_files.h"

namespace plainbounce {
namespace {

TEST(FactsTest, SizesAreReadAsServersWriteThem) {
  EXPECT_EQ(parse_size("26214400"), 26214400U);
  EXPECT_EQ(parse_size("10,240,000 bytes"), 10240000U);
  EXPECT_EQ(parse_size("25 MB"), 25U << 20);
  EXPECT_EQ(parse_size("35m"), 35U << 20);
  EXPECT_EQ(parse_size(" 1.5 GiB"), std::uint64_t{3} << 29);
  EXPECT_EQ(parse_size("200 kilobytes"), 200U << 10);
  EXPECT_EQ(parse_size("10240 K"), 10U << 20);
  EXPECT_EQ(parse_size("10.485.760"), 10U << 20);
  EXPECT_EQ(parse_size("10 485 760 octets"), 10U << 20);
  EXPECT_EQ(parse_size("10'485'760"), 10U << 20);
  EXPECT_EQ(parse_size("1,5 Mo"), std::uint64_t{3} << 19);
  EXPECT_EQ(parse_size("1.024 KB"), 1048U);
}

TEST(FactsTest, WhatIsNoSizeIsNone) {
  for (const char* text :
       {"", "MB", "0", "-5 MB", "12 parsecs", "99999999999999999999999 GB", "1.2.3"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(FactsTest, DurationsAreReadAsServersWriteThem) {
  EXPECT_EQ(parse_duration("00:05:00"), 300);
  EXPECT_EQ(parse_duration("05:30"), 330);
  EXPECT_EQ(parse_duration("300 seconds"), 300);
  EXPECT_EQ(parse_duration("5 minutes"), 300);
  EXPECT_EQ(parse_duration("60"), 60);
  EXPECT_EQ(parse_duration("2 hours"), 7200);
  EXPECT_EQ(parse_duration("1 day"), 86400);
  EXPECT_EQ(parse_duration("2 Stunden"), 7200);
  EXPECT_EQ(parse_duration("1 week"), 604800);
  EXPECT_EQ(parse_duration("5000 ms"), 5);
}

TEST(FactsTest, WhatIsNoDurationIsNone) {
  for (const char* text : {"", "soon", "1:2:3:4", "::", "-5", "5 fortnights"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

std::string as_text(const std::string& text) { return text; }
std::string as_text(const std::optional<Timestamp>& when) {
  return when ? std::to_string(when->unix_seconds) : std::string();
}
template <typename T>
std::string as_text(const std::optional<T>& value) {
  return value ? std::to_string(*value) : std::string();
}
std::string as_text(bool flag) { return flag ? "yes" : ""; }

std::string fact_text(const Facts& facts, const FactEntry& fact) {
  return std::visit([&](auto member) { return as_text(facts.*member); }, fact.member);
}

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

TEST(FactTableTest, EveryCaptureGoesWhereItsNameSays) {
  for (const FactEntry& fact : kFacts) {
    Facts facts;
    take_captures({{std::string(fact.name), "4711"}}, facts);
    EXPECT_EQ(facts == Facts(), !fact.captured) << fact.name;
    if (fact.captured) EXPECT_EQ(fact_text(facts, fact), "4711") << fact.name;
  }
}

TEST(FactTableTest, WhatOneRecipientHasIsNotToldForAll) {
  for (const FactEntry& fact : kFacts) {
    Diagnosis diagnosis;
    diagnosis.recipients.resize(2);
    diagnosis.recipients[0].facts = only(fact);
    const auto groups = group_recipients(diagnosis);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].facts, Facts()) << fact.name;
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

TEST(FactsTest, CapturesGoWhereTheirNamesSay) {
  Facts facts;
  take_captures({{"size_limit", "25 MB"},
                 {"message_size", "nonsense"},
                 {"retry_after", "300"},
                 {"recipient_limit", "100"},
                 {"block_list", "zen.example.org"},
                 {"new_address", "anna@example.org"}},
                facts);
  EXPECT_EQ(facts.size_limit, 25U << 20);
  EXPECT_FALSE(facts.message_size);
  EXPECT_EQ(facts.retry_after, 300);
  EXPECT_EQ(facts.recipient_limit, 100);
  EXPECT_EQ(facts.block_list, "zen.example.org");
  EXPECT_EQ(facts.new_address, "anna@example.org");
}

TEST(FactsTest, TheSentencesEndIsNoPartOfAName) {
  Facts facts;
  take_captures({{"block_list", "Spamhaus."}, {"lookup", "https://example.org/q?ip=1.,"}}, facts);
  EXPECT_EQ(facts.block_list, "Spamhaus");
  EXPECT_EQ(facts.lookup, "https://example.org/q?ip=1");
}

TEST(FactsTest, AnUnreadableCaptureLeavesWhatIsKnown) {
  Facts facts;
  facts.message_size = 1000;
  take_captures({{"message_size", "nonsense"}}, facts);
  EXPECT_EQ(facts.message_size, 1000U);
}

TEST(FactsTest, ALongCaptureIsCutToValidText) {
  Facts facts;
  std::string text(255, 'a');
  text += "\xC3\xA9\xC3\xA9";
  take_captures({{"lookup", text}}, facts);
  EXPECT_LE(facts.lookup.size(), 255U + 3U);
  EXPECT_TRUE(facts.lookup.starts_with(std::string(255, 'a')));
}

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

TEST(FactRulesTest, EveryExampleGivesItsFact) {
  ASSERT_FALSE(knowledge().fact_rules().empty());
  for (const FactRule& rule : knowledge().fact_rules()) {
    for (const FactExample& example : rule.examples) {
      const RecipientDiagnosis diagnosis = diagnose_text(example.text, "", knowledge());
      EXPECT_EQ(fact_text(diagnosis.facts, *rule.fact), example.value)
          << "facts.toml:" << rule.line << ": " << example.text << " (" << cause_id(diagnosis.cause)
          << ")";
    }
  }
}

TEST(FactRulesTest, EveryRuleFindsItsFirstExampleItself) {
  for (const FactRule& rule : knowledge().fact_rules()) {
    EXPECT_FALSE(rule.values_in(rule.examples.front().text).empty()) << rule.line;
  }
}

TEST(FactRulesTest, WhatIsKnownStays) {
  Facts facts;
  facts.refused_address = "192.0.2.9";
  facts.mechanism = "own";
  fill_facts("Client host [192.0.2.1] blocked", Cause::kReputationBlocked, knowledge(), facts);
  fill_facts("DMARC check failed", Cause::kSenderAuthenticationFailed, knowledge(), facts);
  EXPECT_EQ(facts.refused_address, "192.0.2.9");
  EXPECT_EQ(facts.mechanism, "own");
}

TEST(FactRulesTest, TheRemoteServersOwnAddressIsNotTheRefusedOne) {
  Facts facts;
  facts.remote_address = "198.51.100.7";
  fill_facts("mx[198.51.100.7]: 192.0.2.1 refused", Cause::kReputationBlocked, knowledge(), facts);
  EXPECT_EQ(facts.refused_address, "192.0.2.1");
}

TEST(BlockListsTest, EveryListIsFoundByEachOfItsWords) {
  for (const BlockList& list : knowledge().block_lists().all()) {
    for (const std::string& word : list.words) {
      const BlockList* const found = knowledge().block_lists().find("listed on " + word + ".");
      ASSERT_NE(found, nullptr) << word;
      EXPECT_EQ(found->name, list.name) << word;
    }
  }
}

TEST(BlockListsTest, APartOfAnotherWordIsNoList) {
  EXPECT_EQ(knowledge().block_lists().find("listed on notspamhausx"), nullptr);
}

TEST(BlockListsTest, TheListAndItsPageAreTold) {
  const Facts facts = diagnose_text(
                          "553 5.7.1 [BL21] Connections will not be accepted from "
                          "192.0.2.1, because the ip is in Spamhaus's list",
                          "", knowledge())
                          .facts;
  EXPECT_EQ(facts.block_list, "Spamhaus");
  EXPECT_EQ(facts.lookup, "https://check.spamhaus.org/");
  EXPECT_EQ(facts.refused_address, "192.0.2.1");
}

TEST(BlockListsTest, APieceOfTheNameBecomesTheWhole) {
  const Facts facts = diagnose_text(
                          "554 mx.example.com bizsmtp IB105. Connection refused. 192.0.2.1 "
                          "is listed on the Exploits Block List (XBL)",
                          "", knowledge())
                          .facts;
  EXPECT_EQ(facts.block_list, "Spamhaus XBL");
}

TEST(BlockListsTest, AFullStopBehindTheNameIsNoPartOfIt) {
  const Facts facts = diagnose_text(
                          "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked "
                          "using Spamhaus. To request removal from this list see x",
                          "", knowledge())
                          .facts;
  EXPECT_EQ(facts.block_list, "Spamhaus");
}

}  // namespace
}  // namespace plainbounce

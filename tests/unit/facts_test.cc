#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/fill_facts.h"

namespace plainbounce {
namespace {

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

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

TEST(FactsTest, AReplyTellsNoFalseQuantity) {
  struct Told {
    const char* text;
    const char* fact;
    const char* value;
  };
  for (const Told& told : std::vector<Told>{
           {"452 4.5.3 Too many recipients (max 1.000)", "recipient_limit", "1000"},
           {"452 4.5.3 Too many recipients, maximum of 1 000 recipients", "recipient_limit",
            "1000"},
           {"552 5.3.4 Message too large, max 10 Мб", "size_limit", "10485760"},
           {"552 5.3.4 Message too large, limit: 35 мегабайт", "size_limit", "36700160"},
           {"552 5.3.4 Message too large, limit is 1 TB", "size_limit", "1099511627776"},
           {"552 5.3.4 Message too large, max size is 10 Мб", "size_limit", "10485760"},
           {"552 5.3.4 Message exceeds maximum of 10 485 760 bytes", "size_limit", "10485760"},
           {"552 5.3.4 Message too large, max size is 10 Xb", "size_limit", ""},
           {"452-4.5.3 Too many recipients, limit 100\n452 4.5.3 See below", "recipient_limit",
            "100"},
           {"552 5.3.4 Message too large (size 12,5 MB, limit 10 MB)", "size_limit", "10485760"},
           {"552 5.3.4 Message too large (size 12,5 MB, limit 10 MB)", "message_size", "13107200"},
           {"450 4.7.1 Greylisted, come back in 1 hour(s) 25 minute(s)", "retry_after", "5100"},
           {"450 4.7.1 Please try again in 5 minutes 30 seconds", "retry_after", "330"}}) {
    const Facts facts = diagnose_text(told.text, "", knowledge()).facts;
    EXPECT_EQ(fact_text(facts, *find_fact(told.fact)), told.value) << told.text;
  }
}

TEST(FactsTest, EveryCaptureGoesWhereItsNameSays) {
  for (const FactEntry& fact : kFacts) {
    Facts facts;
    take_captures({{std::string(fact.name), "4711"}}, knowledge().units(), facts);
    EXPECT_EQ(facts == Facts(), !fact.captured) << fact.name;
    EXPECT_EQ(fact_text(facts, fact), fact.captured ? "4711" : "") << fact.name;
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
                knowledge().units(), facts);
  EXPECT_EQ(facts.size_limit, 25U << 20);
  EXPECT_FALSE(facts.message_size);
  EXPECT_EQ(facts.retry_after, 300);
  EXPECT_EQ(facts.recipient_limit, 100);
  EXPECT_EQ(facts.block_list, "zen.example.org");
  EXPECT_EQ(facts.new_address, "anna@example.org");
}

TEST(FactsTest, TheSentencesEndIsNoPartOfAName) {
  Facts facts;
  take_captures({{"block_list", "Spamhaus."}, {"lookup", "https://example.org/q?ip=1.,"}},
                knowledge().units(), facts);
  EXPECT_EQ(facts.block_list, "Spamhaus");
  EXPECT_EQ(facts.lookup, "https://example.org/q?ip=1");
}

TEST(FactsTest, AnUnreadableCaptureLeavesWhatIsKnown) {
  Facts facts;
  facts.message_size = 1000;
  facts.lookup = "known";
  take_captures({{"message_size", "nonsense"}, {"lookup", ". "}}, knowledge().units(), facts);
  EXPECT_EQ(facts.message_size, 1000U);
  EXPECT_EQ(facts.lookup, "known");
}

TEST(FactsTest, ALongCaptureIsCutBetweenCharacters) {
  Facts facts;
  take_captures({{"lookup", std::string(255, 'a') + "éé"}}, knowledge().units(), facts);
  EXPECT_EQ(facts.lookup, std::string(255, 'a'));
}

TEST(FactRulesTest, EveryExampleGivesItsFact) {
  ASSERT_FALSE(knowledge().fact_rules().empty());
  for (const FactRule& rule : knowledge().fact_rules()) {
    for (const FactExample& example : rule.examples) {
      const RecipientDiagnosis diagnosis = diagnose_text(example.text, "", knowledge());
      EXPECT_EQ(fact_text(diagnosis.facts, *rule.fact), example.value)
          << "facts.toml:" << rule.line << ": " << example.text << " (" << id_of(diagnosis.cause)
          << ")";
    }
  }
}

TEST(FactRulesTest, APatternHasOneGroupUnlessTheValueIsGiven) {
  for (const FactRule& rule : knowledge().fact_rules()) {
    const RE2& pattern = rule.pattern->compiled();
    ASSERT_TRUE(pattern.ok()) << rule.line << ": " << pattern.error();
    EXPECT_EQ(pattern.NumberOfCapturingGroups(), rule.value.empty() ? 1 : 0) << rule.line;
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
  fill_facts(HeardText("Client host [192.0.2.1] blocked"), Cause::kReputationBlocked, knowledge(),
             facts);
  fill_facts(HeardText("DMARC check failed"), Cause::kSenderAuthenticationFailed, knowledge(),
             facts);
  EXPECT_EQ(facts.refused_address, "192.0.2.9");
  EXPECT_EQ(facts.mechanism, "own");
}

TEST(FactRulesTest, TheRemoteServersOwnAddressIsNotTheRefusedOne) {
  Facts facts;
  facts.remote_address = "198.51.100.7";
  fill_facts(HeardText("mx[198.51.100.7]: 192.0.2.1 refused"), Cause::kReputationBlocked,
             knowledge(), facts);
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

#include "lib/diagnosis/facts.h"

#include <gtest/gtest.h>

#include "lib/diagnosis/diagnose.h"

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

template <typename T>
std::string as_text(const std::optional<T>& value) {
  return value ? std::to_string(*value) : std::string();
}

std::string fact_text(const Facts& facts, const std::string& name) {
  if (name == "message_size") return as_text(facts.message_size);
  if (name == "size_limit") return as_text(facts.size_limit);
  if (name == "recipient_limit") return as_text(facts.recipient_limit);
  if (name == "retry_after") return as_text(facts.retry_after);
  if (name == "block_list") return facts.block_list;
  if (name == "lookup") return facts.lookup;
  if (name == "refused_address") return facts.refused_address;
  if (name == "refused_sender") return facts.refused_sender;
  if (name == "new_address") return facts.new_address;
  if (name == "mechanism") return facts.mechanism;
  return name == "limit" ? facts.limit : "no such fact: " + name;
}

TEST(FactRulesTest, EveryExampleGivesItsFact) {
  ASSERT_FALSE(knowledge().fact_rules().empty());
  for (const FactRule& rule : knowledge().fact_rules()) {
    for (const FactExample& example : rule.examples) {
      const RecipientDiagnosis diagnosis = diagnose_text(example.text, "", knowledge());
      EXPECT_EQ(fact_text(diagnosis.facts, rule.fact), example.value)
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

#include "lib/diagnosis/facts.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

TEST(FactsTest, SizesAreReadAsServersWriteThem) {
  EXPECT_EQ(parse_size("26214400"), 26214400U);
  EXPECT_EQ(parse_size("10,240,000 bytes"), 10240000U);
  EXPECT_EQ(parse_size("25 MB"), 25U << 20);
  EXPECT_EQ(parse_size("35m"), 35U << 20);
  EXPECT_EQ(parse_size(" 1.5 GiB"), std::uint64_t{3} << 29);
  EXPECT_EQ(parse_size("200 kilobytes"), 200U << 10);
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

}  // namespace
}  // namespace plainbounce

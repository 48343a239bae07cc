#include "lib/explain/nearest_code.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/knowledge/knowledge.h"

namespace plainbounce {
namespace {

std::string nearest(std::string_view text) {
  static const Knowledge kKnowledge = Knowledge::load();
  const auto found = nearest_code(text, kKnowledge.codes());
  EXPECT_TRUE(!found || !found->rows.empty()) << text;
  return found ? found->code : "none";
}

TEST(NearestCode, MarksMayBeOthersOrTooMany) {
  for (const char* text : {"5..1.1", "5,1,1", "5-1-1", "5 1 1", "5.1.1.", "#5.1.1", "5.1.1.1"}) {
    EXPECT_EQ(nearest(text), "5.1.1") << text;
  }
}

TEST(NearestCode, MissingNumbersAreZero) {
  EXPECT_EQ(nearest("5.1"), "5.1.0");
  EXPECT_EQ(nearest("4"), "4.0.0");
  EXPECT_EQ(nearest("5.1.x"), "5.1.0");
}

TEST(NearestCode, ANumberThatDoesNotExistIsLeftOut) {
  EXPECT_EQ(nearest("5.7.99999"), "5.7.0");
  EXPECT_EQ(nearest("5.999"), "5.0.0");
  EXPECT_EQ(nearest("5.6.99"), "5.6.0");
  EXPECT_EQ(nearest("5.7.026"), "5.7.26");
  EXPECT_EQ(nearest("6.1.1"), "5.1.1");
}

TEST(NearestCode, DigitsMayBeOneTooFewOrTooMany) {
  EXPECT_EQ(nearest("55"), "550");
  EXPECT_EQ(nearest("5500"), "550");
  EXPECT_EQ(nearest("5.50"), "550");
}

TEST(NearestCode, OtherNumbersAreNearToNone) {
  for (const char* text : {"0", "999", "1234", "192.0.2.1", "2026-11-22", "99.9.9"}) {
    EXPECT_EQ(nearest(text), "none") << text;
  }
}

TEST(NearestCode, WordsResembleNoCode) {
  for (const char* text : {"", "...", "x", "5.1.1 no", "hello", "000000000000000000000001"}) {
    EXPECT_FALSE(resembles_code(text)) << text;
    EXPECT_EQ(nearest(text), "none") << text;
  }
}

}  // namespace
}  // namespace plainbounce

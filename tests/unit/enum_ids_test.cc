#include "lib/base/enum_ids.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

enum class Colour { kUnseen, kRed, kLightBlue };

}  // namespace

template <>
inline constexpr auto kIds<Colour> = ids_to<Colour::kLightBlue>("", "red", "light-blue");

namespace {

TEST(EnumIdsTest, AnIdStandsForItsEnumerator) {
  EXPECT_EQ(id_of(Colour::kLightBlue), "light-blue");
  EXPECT_EQ(parse_id<Colour>("light-blue"), Colour::kLightBlue);
  EXPECT_EQ(parse_id<Colour>("red"), Colour::kRed);
}

TEST(EnumIdsTest, WhatIsNoIdIsNothing) {
  EXPECT_EQ(parse_id<Colour>("green"), std::nullopt);
  EXPECT_EQ(parse_id<Colour>("Red"), std::nullopt);
  EXPECT_EQ(parse_id<Colour>("re"), std::nullopt);
}

TEST(EnumIdsTest, NobodyCanWriteAnEnumeratorWithoutAnId) {
  EXPECT_EQ(id_of(Colour::kUnseen), "");
  EXPECT_EQ(parse_id<Colour>(""), std::nullopt);
}

TEST(EnumIdsTest, WhatIsNoEnumeratorHasNoId) { EXPECT_EQ(id_of(static_cast<Colour>(7)), ""); }

}  // namespace
}  // namespace plainbounce

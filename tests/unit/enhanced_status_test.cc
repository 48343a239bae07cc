#include "lib/reply/enhanced_status.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

TEST(EnhancedStatusTest, ReadsWhatItWrites) {
  for (const char* text : {"2.0.0", "4.7.1", "5.1.10", "5.7.508"}) {
    const auto status = parse_enhanced_status(text);
    ASSERT_TRUE(status) << text;
    EXPECT_EQ(to_string(*status), text);
  }
}

TEST(EnhancedStatusTest, AnythingElseIsNoCode) {
  for (const char* text : {"", "5", "5.1", "5.1.", "3.1.1", "5.1.1 ", "5.1.1.1", "5.1000.0",
                           "5.01.1", "-5.1.1", "5.-1.1", "550"}) {
    EXPECT_FALSE(parse_enhanced_status(text)) << text;
  }
}

}  // namespace
}  // namespace plainbounce

#include "cli/input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MboxTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const int descriptor = mkstemp(path_.data());
    ASSERT_GE(descriptor, 0);
    close(descriptor);
  }
  void TearDown() override { unlink(path_.c_str()); }

  std::vector<std::string> messages(const std::string& mbox) {
    std::ofstream(path_, std::ios::binary) << mbox;
    std::vector<std::string> found;
    visit_messages({{path_}, true},
                   [&found](const InputMessage& message) { found.push_back(message.bytes); });
    return found;
  }

  std::chrono::duration<double> time_for(const std::string& mbox, std::size_t count) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(messages(mbox).size(), count);
    return std::chrono::steady_clock::now() - start;
  }

  std::string path_ = "/tmp/plainbounce-mbox-XXXXXX";
};

TEST_F(MboxTest, MessagesBeginBelowEmptyLines) {
  EXPECT_THAT(messages("From a\nA: 1\n\nx\nFrom here\n\nFrom b\nB: 2\n\n"),
              ElementsAre("A: 1\n\nx\nFrom here\n", "B: 2\n"));
  EXPECT_THAT(messages("From a\r\nA: 1\r\n\r\nx\r\n\r\nFrom b\r\nB: 2\r\n"),
              ElementsAre("A: 1\r\n\r\nx\r\n", "B: 2\r\n"));
}

TEST_F(MboxTest, LineEndsMayBeMixed) {
  EXPECT_THAT(messages("From a\r\n1\r\n\r\nFrom b\n2\n\nFrom c\r\n3\r\n"),
              ElementsAre("1\r\n", "2\n", "3\r\n"));
}

TEST_F(MboxTest, WithoutASeparatorThereIsNoMessage) {
  EXPECT_THAT(messages(""), IsEmpty());
  EXPECT_THAT(messages("A: 1\n\nx\n"), IsEmpty());
}

// Twice the messages take about twice the time, not four times.
TEST_F(MboxTest, TimeIsLinearWhateverTheLineEnds) {
  constexpr std::size_t kCount = 20000;
  for (const std::string line_end : {"\n", "\r\n"}) {
    std::string mbox;
    for (std::size_t i = 0; i < kCount; ++i) {
      mbox += "From a" + line_end + "A: 1" + line_end + std::string(500, 'x') + line_end + line_end;
    }
    EXPECT_LT(time_for(mbox, kCount).count(), 2.0) << line_end.size();
  }
}

}  // namespace
}  // namespace plainbounce

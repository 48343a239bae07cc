#include "lib/report/prose/recipient_blocks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plainbounce {
namespace {

constexpr std::size_t kManyRecipients = 1000;

std::vector<RecipientReport> many_recipients() {
  std::vector<RecipientReport> recipients(kManyRecipients);
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    recipients[i].final_recipient = "u" + std::to_string(i) + "@example.net";
  }
  return recipients;
}

// Lines searched when every recipient's reply, words and block are asked for.
std::size_t work_on(const std::string& words) {
  const ProseLines lines = split_lines(words);
  const std::vector<RecipientReport> recipients = many_recipients();
  RecipientBlocks blocks(lines, recipients);
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    blocks.text(i);
    blocks.reply(i);
    blocks.words_below(i);
  }
  return blocks.lines_searched();
}

std::string many_lines(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += "x\n";
  return lines;
}

std::string all_addresses(const std::string& after_each) {
  std::string text;
  for (const RecipientReport& recipient : many_recipients()) {
    text += recipient.final_recipient + after_each;
  }
  return text;
}

TEST(RecipientBlocks, WorkDoesNotGrowWithRecipientsWhomNoLineNames) {
  EXPECT_EQ(work_on(many_lines(20'000)), 20'000U);
}

TEST(RecipientBlocks, WorkDoesNotGrowWithRecipientsWhomOneLineNames) {
  EXPECT_EQ(work_on("Failed: " + all_addresses(", ") + "\n" + many_lines(20'000)), 20'001U);
}

TEST(RecipientBlocks, WorkDoesNotGrowWithRecipientsThatHaveALineEach) {
  EXPECT_EQ(work_on(all_addresses(":\n") + many_lines(20'000)), 21'000U);
}

TEST(RecipientBlocks, WorkIsAtMostTwiceTheLinesWhereSomeAreNamed) {
  EXPECT_EQ(work_on(many_lines(20'000) + "u7@example.net\n" + many_lines(20'000)), 60'002U);
}

}  // namespace
}  // namespace plainbounce

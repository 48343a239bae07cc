#include "lib/report/prose/bounce_words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "lib/base/ascii.h"
#include "lib/base/embedded.h"
#include "lib/base/text.h"

namespace plainbounce {
namespace {

TEST(BounceWords, EveryLineOfTheTableIsARow) {
  ASSERT_EQ(report_files().size(), 1U);
  std::size_t lines = 0;
  std::string_view rest = report_files()[0].content;
  for (std::size_t end = 0; !rest.empty(); rest.remove_prefix(end + 1)) {
    end = rest.find('\n');
    ASSERT_NE(end, std::string_view::npos) << "the last line has no end";
    lines += static_cast<std::size_t>(!rest.starts_with('#'));
  }
  EXPECT_EQ(bounce_words().size() + 1, lines) << "the heading is no row, all others are";
}

TEST(BounceWords, EveryExampleHasItsPhrase) {
  for (const BounceWords& row : bounce_words()) {
    EXPECT_TRUE(says(row.example, row.purpose)) << row.phrase;
    const std::string example = ascii_lower(collapse_space(row.example));
    EXPECT_NE(example.find(row.phrase), std::string::npos) << row.phrase;
  }
}

TEST(BounceWords, PhrasesAreInTheFormThatTextIsComparedIn) {
  for (const BounceWords& row : bounce_words()) {
    EXPECT_EQ(row.phrase, ascii_lower(collapse_space(row.phrase)));
  }
}

TEST(BounceWords, NoPhraseStandsTwice) {
  std::set<std::pair<WordsPurpose, std::string_view>> seen;
  for (const BounceWords& row : bounce_words()) {
    EXPECT_TRUE(seen.emplace(row.purpose, row.phrase).second) << row.phrase;
  }
}

TEST(BounceWords, SpacingAndCaseDoNotCount) {
  EXPECT_TRUE(says("---- ORIGINAL   message\nfollows", WordsPurpose::kReturned));
  EXPECT_FALSE(says("The original message was received at noon", WordsPurpose::kReturned));
}

}  // namespace
}  // namespace plainbounce

#include "lib/notice/wrap.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

TEST(WrapTest, BreaksAtBlanks) {
  EXPECT_EQ(wrap("one two three", "", "", 7), "one two\nthree");
  EXPECT_EQ(wrap("", "", "", 7), "");
  EXPECT_EQ(wrap("one", "1. ", "   ", 7), "1. one");
}

TEST(WrapTest, IndentsFollowingLines) {
  EXPECT_EQ(wrap("one two three", "- ", "  ", 9), "- one two\n  three");
}

TEST(WrapTest, WideCharactersTakeTwoColumns) {
  EXPECT_EQ(display_width("你好a"), 5);
  EXPECT_EQ(display_width("e\u0301"), 1);
  EXPECT_EQ(wrap("你好你好你好", "", "", 5), "你好\n你好\n你好");
}

TEST(WrapTest, NoLineStartsWithClosingPunctuation) {
  EXPECT_EQ(wrap("你好你好。", "", "", 8), "你好你\n好。");
}

TEST(WrapTest, JapaneseLinesStartAndEndWhereTheyMay) {
  EXPECT_EQ(wrap("でんわしょう", "", "", 8), "でんわ\nしょう");
  EXPECT_EQ(wrap("サーバーです", "", "", 6), "サー\nバーで\nす");
  EXPECT_EQ(wrap("これは「メール」", "", "", 8), "これは\n「メー\nル」");
  EXPECT_EQ(wrap("数は“多”。", "", "", 6), "数は\n“多”。");
}

TEST(WrapTest, IsolateMarksTakeNoColumnsAndStayWithTheirText) {
  EXPECT_EQ(display_width("\u2068abc\u2069"), 3);
  EXPECT_EQ(wrap("ab \u2068cd\u2069 ef", "", "", 5), "ab \u2068cd\u2069\nef");
  EXPECT_EQ(wrap("\u2068你好\u2069你好", "", "", 4), "\u2068你好\u2069\n你好");
}

TEST(WrapTest, WordsLongerThanALineAreBroken) {
  EXPECT_EQ(wrap("abcdefghij", "> ", "> ", 6), "> abcd\n> efgh\n> ij");
  EXPECT_EQ(wrap("a bcdefghij", "", "", 4), "a\nbcde\nfghi\nj");
}

TEST(WrapTest, AddressesAreNotBrokenAtTheirHyphens) {
  EXPECT_EQ(wrap("to anna-maria@ex-ample.com", "", "", 25), "to\nanna-maria@ex-ample.com");
}

}  // namespace
}  // namespace plainbounce

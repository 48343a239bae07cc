#include "lib/base/charset.h"

#include <gtest/gtest.h>

#include "lib/base/text.h"

namespace plainbounce {
namespace {

TEST(Charset, Utf8Stays) { EXPECT_EQ(utf8_or_latin1("Gr\xC3\xBC\xC3\x9F"), "Gr\xC3\xBC\xC3\x9F"); }

TEST(Charset, UnlabelledLatin1IsTold) { EXPECT_EQ(utf8_or_latin1("Gr\xFC\xDF"), "Grüß"); }

TEST(Charset, BothInOneTextAreTold) { EXPECT_EQ(utf8_or_latin1("ü \xFC"), "ü ü"); }

TEST(Charset, ControlsOfLatin1BecomeReplacementCharacters) {
  EXPECT_EQ(utf8_or_latin1("a\x85z"), "a\uFFFDz");
}

TEST(Charset, LabelledTextIsConverted) {
  EXPECT_EQ(decode_charset("\xE7\xE1\xEC", "ISO-8859-8"), "חבל");
  EXPECT_EQ(decode_charset("\x80", "windows-1252"), "€");
  EXPECT_EQ(decode_charset("\x1B$B$M$3\x1B(B", "iso-2022-jp"), "ねこ");
}

TEST(Charset, UnknownOrOddNamesFallBack) {
  EXPECT_EQ(decode_charset("\xFC", "no-such-charset"), "ü");
  EXPECT_EQ(decode_charset("\xFC", "utf-8,locale=../../x"), "ü");
  EXPECT_EQ(decode_charset("\xFC", ""), "ü");
}

TEST(Charset, BytesWithoutMeaningBecomeReplacementCharacters) {
  EXPECT_EQ(decode_charset("a\x81\xFFz", "shift_jis"), "a\uFFFD\uFFFDz");
}

TEST(Text, CutsBetweenCharacters) {
  EXPECT_EQ(cut_utf8("aü", 2), "a");
  EXPECT_EQ(cut_utf8("aü", 3), "aü");
  EXPECT_EQ(cut_utf8("ü", 0), "");
}

TEST(Text, CodePointsThatAreNoCharactersAreReplaced) {
  std::string out;
  append_utf8(out, 0xD800);
  append_utf8(out, 0x110000);
  append_utf8(out, 0x1F600);
  EXPECT_EQ(out, "\uFFFD\uFFFD\U0001F600");
}

}  // namespace
}  // namespace plainbounce

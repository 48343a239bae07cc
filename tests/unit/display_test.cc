#include "lib/notice/display.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

TEST(VisibleTest, ControlCharactersBecomeVisible) {
  EXPECT_EQ(visible("a\x1b[31mb", 100), "a<0x1b>[31mb");
  EXPECT_EQ(visible(std::string_view("a\0b", 3), 100), "a<0x00>b");
  EXPECT_EQ(visible("a\x7f\xc2\x9b", 100), "a<0x7f><0x9b>");
}

TEST(VisibleTest, DirectionAndZeroWidthCharactersBecomeVisible) {
  EXPECT_EQ(visible("a\u202Eb\u2066c\u200Dd\uFEFFe", 100), "a<U+202E>b<U+2066>c<U+200D>d<U+FEFF>e");
  EXPECT_EQ(visible("a\u00ADb\U000E0041", 100), "a<U+00AD>b<U+E0041>");
  EXPECT_EQ(visible("\u3164", 100), "<U+3164>") << "a Hangul filler shows as nothing";
}

TEST(VisibleTest, TextIsOneLine) {
  EXPECT_EQ(visible("  a\r\n\t b\u2028c\u00A0 d  ", 100), "a b c d");
}

TEST(VisibleTest, ScriptsStayAsTheyAre) {
  EXPECT_EQ(visible("Größe 你好 مرحبا नमस्ते", 100), "Größe 你好 مرحبا नमस्ते");
}

TEST(VisibleTest, HeapsOfCombiningMarksAreCutDown) {
  std::string text = "a";
  for (int i = 0; i < 50; ++i) text += "\u0301";
  EXPECT_EQ(visible(text, 100), "a\u0301\u0301\u0301\u0301");
}

TEST(VisibleTest, LongTextIsCutAtACharacter) {
  EXPECT_EQ(visible("你好你好", 3), "你好你…");
  EXPECT_EQ(visible("abc", 3), "abc");
  EXPECT_EQ(visible("ab  c", 3), "ab…");
  EXPECT_LT(visible(std::string(2 << 20, 'x'), 1000).size(), 1010u);
}

TEST(VisibleTest, InvalidBytesBecomeReplacementCharacters) {
  EXPECT_EQ(visible("a\xff\xc3", 10), "a\uFFFD\uFFFD");
}

TEST(ShownTest, WhatMailProgramsMakeLinksOfIsBroken) {
  EXPECT_EQ(shown("see http://evil.example/x", 100), "see http: //evil.example/x");
  EXPECT_EQ(shown("HTTPS://x WWW.evil.example", 100), "HTTPS: //x WWW .evil.example");
  EXPECT_EQ(shown("anna@example.com: no", 100), "anna@example.com: no");
}

TEST(ShowAddressTest, InternationalDomainsAreShownBothWays) {
  const ShownAddress unicode = show_address("anna@bücher.example", 100);
  EXPECT_EQ(unicode.text, "anna@bücher.example");
  EXPECT_EQ(unicode.ascii, "anna@xn--bcher-kva.example");
  const ShownAddress ascii = show_address("anna@XN--bcher-kva.example", 100);
  EXPECT_EQ(ascii.text, "anna@bücher.example");
  EXPECT_EQ(ascii.ascii, "anna@xn--bcher-kva.example");
  // Cyrillic а in place of the Latin letter.
  EXPECT_EQ(show_address("anna@p\u0430ypal.example", 100).ascii, "anna@xn--pypal-4ve.example");
}

TEST(ShowAddressTest, PlainAddressesNeedNoSecondForm) {
  EXPECT_EQ(show_address("jörg@example.com", 100).text, "jörg@example.com");
  EXPECT_EQ(show_address("jörg@example.com", 100).ascii, "");
  EXPECT_EQ(show_address("example.com", 100).text, "example.com");
  EXPECT_EQ(show_address("", 100).text, "");
}

TEST(ShowAddressTest, WhatIsNoDomainIsNotShown) {
  EXPECT_EQ(show_address("a@xn--\x01", 100).text, "a@…");
  EXPECT_EQ(show_address("a@\u202Emoc.example", 100).text.find('\xE2'), std::string::npos);
  EXPECT_LE(show_address("a@ü" + std::string(100000, 'x'), 100).text.size(), 120u);
}

TEST(ShortenTest, CountsCharactersNotBytes) {
  EXPECT_EQ(shorten("äöü", 3), "äöü");
  EXPECT_EQ(shorten("äöüß", 3), "äö…");
  EXPECT_EQ(shorten("", 3), "");
}

TEST(EscapeRemoteTest, NeitherMarkupNorLinksSurvive) {
  EXPECT_EQ(escape_remote("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  EXPECT_EQ(escape_remote("http://a.b"), "http<b></b>:<b></b>//a<b></b>.b");
  EXPECT_EQ(escape_remote("5.1.1 end."), "5.1.1 end.");
}

}  // namespace
}  // namespace plainbounce

#include "lib/mail/html_text.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

TEST(HtmlToText, BlocksBecomeLines) {
  EXPECT_EQ(html_to_text("<html><body><p>Hello,<br>\n world</p><div>b</div><ul><li>c</ul>"),
            "Hello,\nworld\n\nb\n\nc");
}

TEST(HtmlToText, WhiteSpaceCollapses) { EXPECT_EQ(html_to_text(" a \n\t <b> b </b> c"), "a b c"); }

TEST(HtmlToText, ScriptStyleAndCommentsVanish) {
  EXPECT_EQ(html_to_text("a<SCRIPT>x<y</Script>b<style>p{}</style>c<!-- <p>d -->e"), "abce");
}

TEST(HtmlToText, CharacterReferencesAreResolved) {
  EXPECT_EQ(html_to_text("&lt;a&amp;b&gt; &#252;&#xFC;&nbsp;&hellip;"), "<a&b> üü …");
}

TEST(HtmlToText, WhatIsNoReferenceStays) {
  EXPECT_EQ(html_to_text("a & b &unknown; &#; &#xZZ; &#0; &"), "a & b &unknown; &#; &#xZZ; &#0; &");
  EXPECT_EQ(html_to_text("&#1114112;"), "\uFFFD");
}

TEST(HtmlToText, AngleBracketWithoutATagStays) { EXPECT_EQ(html_to_text("1 < 2"), "1 < 2"); }

TEST(HtmlToText, UnclosedMarkupEndsTheText) {
  EXPECT_EQ(html_to_text("a<p class='x"), "a");
  EXPECT_EQ(html_to_text("a<script>b"), "a");
  EXPECT_EQ(html_to_text("a<!-- b"), "a");
}

}  // namespace
}  // namespace plainbounce

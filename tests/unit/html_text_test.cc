#include "lib/mail/html_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/embedded.h"
#include "lib/mail/html_names.h"

namespace plainbounce {
namespace {

struct Case {
  std::string_view html;
  std::string_view text;
};

void expect(const std::vector<Case>& cases) {
  for (const auto& [html, text] : cases) EXPECT_EQ(html_to_text(html), text) << html;
}

TEST(HtmlToText, BlocksBecomeLines) {
  expect({
      {"<html><body><p>Hello,<br>\n world</p><div>b</div><ul><li>c</ul>",
       "Hello,\nworld\n\nb\n\nc"},
      {"a<div>b</div>c", "a\nb\nc"},
      {"<h1>a</h1>b<hr>c", "a\nb\nc"},
      {"<pre>a\n  b</pre>c", "a\n  b\nc"},
      {"", ""},
  });
}

TEST(HtmlToText, CellsStandApart) {
  expect({
      {"<table><tr><td>Reason</td><td>550 mailbox full</td></tr></table>",
       "Reason\t550 mailbox full"},
      {"<table><tr><th>Reason<td>550 mailbox full<tr><td>To<td>anna</table>",
       "Reason\t550 mailbox full\n\nTo\tanna"},
      {"<tr><td>Reason</td>\n  <td><p>550 full</p></td></tr>", "Reason\n550 full"},
  });
}

TEST(HtmlToText, WhiteSpaceCollapses) { expect({{" a \n\t <b> b </b> c", "a b c"}}); }

TEST(HtmlToText, WhatIsNoTextOfThePageVanishes) {
  expect({
      {"a<SCRIPT>x<y</Script>b<style>p{}</style>c<!-- <p>d -->e", "abce"},
      {"<html><head><title>Mail</title><meta charset=x><style>p{}</style></head><body>a", "a"},
      {"<head>a<p>b", "a\nb"},
      {"<template>x</template><noscript>y</noscript>a", "a"},
      {"<!DOCTYPE html><?xml version='1.0'?>a", "a"},
  });
}

TEST(HtmlToText, AttributesDoNotLeak) {
  expect({
      {"<a title=\"1 > 2\" href='x'>b</a>", "b"},
      {"<img alt='x > y'>b<p class=\"a>b\">c", "b\nc"},
  });
}

TEST(HtmlToText, CharacterReferencesAreResolvedAsBrowsersDo) {
  expect({
      {"&lt;a&amp;b&gt; &#252;&#xFC;&nbsp;&hellip;", "<a&b> üü …"},
      {"&icirc;&uuml; bo&icirc;te", "îü boîte"},
      {"Can&#146;t &#x93;send&#x94; &#128;", "Can\u2019t \u201Csend\u201D €"},
      {"anna&commat;example&period;org &lstrok; &check;", "anna@example.org ł ✓"},
      {"&NotEqualTilde;", "\u2242\u0338"},
      {"&amp;uuml; &amp;#252;", "&uuml; &#252;"},
      {"&#0; &#1114112; &#xD800; &#99999999999;", "\uFFFD \uFFFD \uFFFD \uFFFD"},
      {"a&#252 b&#252c", "aü büc"},
  });
}

TEST(HtmlToText, WhatIsNoReferenceStays) {
  expect({{"a & b &unknown; &#; &#xZZ; &", "a & b &unknown; &#; &#xZZ; &"}});
}

TEST(HtmlToText, WhatIsNoTagStays) { expect({{"1 < 2", "1 < 2"}, {"a <> b", "a <> b"}}); }

TEST(HtmlToText, UnclosedMarkupEndsTheText) {
  expect({{"a<p class='x", "a"}, {"a<script>b", "a"}, {"a<!-- b", "a"}});
}

TEST(HtmlToText, TextIsUtf8WhateverThePageSays) {
  expect({
      {"<meta charset=latin1><meta http-equiv='Content-Type' content='text/html; charset=koi8-r'>ü",
       "ü"},
      {"\u65E5\u672C \xF0\x9F\x93\xAC", "\u65E5\u672C \xF0\x9F\x93\xAC"},
      {std::string_view("a\0b", 3), "a b"},
  });
}

std::string times(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

// No depth overflows the stack, and nothing costs more than linear time.
TEST(HtmlToText, NestingIsFollowedAsFarAsBrowsersDo) {
  EXPECT_EQ(html_to_text(times("<div>", 500) + "a" + times("</div>", 500) + "b"), "a\n\nb");
  EXPECT_EQ(html_to_text("a" + times("<div>", 100'000) + "b" + times("</div>", 100'000)), "a");
  EXPECT_EQ(html_to_text("a" + times("<b>", 100'000) + "b"), "a");
  EXPECT_EQ(html_to_text("a" + times("<div>", 500) + times("</b>", 100'000) + "b"), "a\n\nb");
  EXPECT_EQ(html_to_text(times("<table><tr><td>", 50'000)), "");
}

TEST(HtmlNames, AreInOrder) {
  ASSERT_EQ(mail_files().size(), 1U);
  std::string_view rest = mail_files()[0].content;
  std::string_view before;
  int names = 0;
  while (!rest.empty()) {
    const std::string_view row = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(row.size() + 1);
    if (row.starts_with('#')) continue;
    const std::string_view name = row.substr(0, row.find('\t'));
    EXPECT_LT(before, name);
    EXPECT_LE(name.size(), kMaxHtmlName);
    EXPECT_EQ(html_character(name), row.substr(name.size() + 1)) << name;
    before = name;
    ++names;
  }
  EXPECT_EQ(names, 2125);
}

TEST(HtmlNames, WhatIsNoNameHasNoCharacter) {
  for (const std::string_view name : {"", "#", "zzzz", "AEli", "uumll", "!"}) {
    EXPECT_EQ(html_character(name), "") << name;
  }
}

}  // namespace
}  // namespace plainbounce

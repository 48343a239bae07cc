// From a reply that no rule knows to the log, and from there to a rule.
#include "lib/workshop/unmatched.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <string>

#include "lib/diagnosis/diagnose.h"
#include "lib/reply/reply_pieces.h"
#include "lib/workshop/rule_draft.h"

namespace plainbounce {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

constexpr std::string_view kOdd = "550 5.7.0 Frobnication of wibble 4711 was declined";

RecipientDiagnosis diagnosis_of(std::string_view text, const std::string& address = "") {
  RecipientDiagnosis found = diagnose_text(text, "mx.example.net", knowledge());
  found.address = found.final_recipient = address;
  return found;
}

std::string line_of(std::string_view text, const std::string& address = "") {
  const auto reply = unmatched_reply(diagnosis_of(text, address));
  return reply ? reply->line : "none";
}

// The example's text as TOML gives it back.
std::string read_back(const std::string& line) {
  const toml::table table = toml::parse(line);
  return table["examples"][0]["text"].value_or(std::string("unreadable"));
}

TEST(UnmatchedReplyTest, OnlyWhatNoRuleKnowsIsTold) {
  EXPECT_EQ(line_of(kOdd),
            "examples = [{ text = \"" + std::string(kOdd) + "\", host = \"mx.example.net\" }]");
  EXPECT_EQ(line_of("552 5.2.2 Mailbox is full"), "none");
  EXPECT_EQ(line_of("250 2.0.0 Ok"), "none");
  EXPECT_EQ(line_of(""), "none");
}

TEST(UnmatchedReplyTest, NobodyIsNamed) {
  const std::string line = line_of(
      "550 anna.lind: wibble <Anna.Lind@example.net> j\xC3\xBCrgen+x@example.org \"john "
      "smith\"@example.com bounce+bob=example.com@list.example see "
      "https://example.net/why?to=anna%40example.net",
      "anna.lind@example.net");
  const std::string text = read_back(line);
  EXPECT_EQ(text,
            "550 x: wibble <x@example.net> x@example.org x@example.com x@list.example see "
            "https://example.net/why?x");
}

TEST(UnmatchedReplyTest, ShortNamesAreWordsAndStay) {
  EXPECT_EQ(read_back(line_of("550 to wibble", "to@example.net")), "550 to wibble");
}

TEST(UnmatchedReplyTest, NothingCanBeInjected) {
  const std::string hostile =
      "550 wibble \"}]\nunmatched: evil' \\u0041 \x1b[31m \xE2\x80\xAE \xF0\x9F\x98\x80 \xFF";
  const std::string line = line_of(hostile);
  EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7F; }))
      << line;
  EXPECT_THAT(line, Not(HasSubstr("'")));
  EXPECT_EQ(read_back(line), diagnosis_of(hostile).reply.text);
}

TEST(UnmatchedReplyTest, ALongReplyIsCut) {
  EXPECT_LT(line_of("550 " + std::string(20000, '"')).size(), 5000U);
  EXPECT_LT(line_of("550 " + std::string(20000, '\x01')).size(), 5000U);
}

TEST(UnmatchedReplyTest, TheLogGivesTheExampleBack) {
  const auto example = read_unmatched("Nov 22 host plainbounce[1]: unmatched: " + line_of(kOdd));
  ASSERT_TRUE(example);
  EXPECT_EQ(example->text, kOdd);
  EXPECT_EQ(example->host, "mx.example.net");
  for (const char* line : {"", "queue_id=A result=rewritten", "unmatched: ", "unmatched: examples",
                           "unmatched: examples = 1", "unmatched: examples = [{ text = \"x"}) {
    EXPECT_FALSE(read_unmatched(line)) << line;
  }
}

TEST(WordingKeyTest, WhatDiffersFromMailToMailDoesNotCount) {
  const std::string key = reply_key("550 wibble a@b.example 192.0.2.1 mx1.example.net AB12CD34");
  EXPECT_EQ(key, reply_key("550 Wibble c@d.example 2001:db8::1 mx2.example.org XY98ZW76"));
  EXPECT_NE(key, reply_key("550 wobble a@b.example 192.0.2.1 mx1.example.net AB12CD34"));
}

TEST(WordingPiecesTest, TogetherTheyAreTheText) {
  for (const std::string text :
       {"", " ", "550-5.7.1 [mx.a.example] don't (x@y): \"q\"; 25MB", "\xC3\xBC,,..''<>"}) {
    std::string joined;
    for (const ReplyPiece& piece : split_reply(text)) joined += piece.text;
    EXPECT_EQ(joined, text);
  }
}

TEST(WordingPatternTest, WordsStayAndTheRestIsGeneralised) {
  EXPECT_EQ(reply_pattern(kOdd), "Frobnication of wibble \\d+ was declined");
  EXPECT_EQ(reply_pattern("host mx.example.net[192.0.2.1] said: 550 5.7.0 <x@example.net>: "
                          "wibble (limit) isn't kept. More (in reply to RCPT TO command)"),
            "wibble \\(limit\\) isn.t kept");
}

// ---- Drafts ----

std::string draft(const std::vector<RuleExample>& replies) {
  static const Catalogue kWording = Catalogue::load();
  return draft_rules(replies, knowledge(), kWording);
}

TEST(RuleDraftTest, ADraftIsARuleFileWhoseExampleMatches) {
  const std::vector<RuleExample> replies = {
      {std::string(kOdd), "mx.example.net"},
      {"451 4.7.1 Don't \"wibble\" \\d+ {word} [x] from 192.0.2.7 a@b.example id=AB12CD34", ""},
      {"550", ""},
      {"host mx.example.net[192.0.2.1] said: 550 wobbled (in reply to end of DATA command)", ""},
      {"554 5.7.1 \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E wibble \xE2\x80\xAE", ""},
      {"550 5.7.0 (((((", ""}};
  const std::string file = draft(replies);
  RuleSet rules;
  ASSERT_NO_THROW(rules.load(std::array{RuleFile{"draft.toml", file}}, Tier::kOwn)) << file;
  ASSERT_NO_THROW(rules.compile()) << file;
  ASSERT_EQ(rules.rules().size(), replies.size()) << file;
  for (const Rule& rule : rules.rules()) {
    const auto found = diagnose_text(rule.examples.front().text, "", knowledge());
    EXPECT_FALSE(rules.matches(HeardText(found.reply.text), {}).empty()) << rule.pattern;
    EXPECT_EQ(rule.cause, found.cause) << rule.id;
  }
  EXPECT_EQ(rules.rules().front().id, "house-frobnication-of-wibble");
  EXPECT_EQ(rules.rules().front().examples.front().host, "mx.example.net");
}

TEST(RuleDraftTest, OneWordingMakesOneRuleAndIdsAreFree) {
  const std::string file = draft({{"550 wibble declined here 1", ""},
                                  {"550 wibble declined here 2", ""},
                                  {"550 wibble declined here then", ""}});
  EXPECT_THAT(file, HasSubstr("\"house-wibble-declined-here\""));
  EXPECT_THAT(file, HasSubstr("\"house-wibble-declined-here-2\""));
  EXPECT_THAT(file, Not(HasSubstr("\"house-wibble-declined-here-3\"")));
}

TEST(RuleDraftTest, WhoPassesAReplyOnMakesNoRuleOfItsOwn) {
  const std::string file = draft(
      {{"550 wibble declined here", ""},
       {"host mx.example.net[192.0.2.1] said: 550 wibble declined here (in reply to MAIL FROM "
        "command)",
        ""},
       {">>> DATA <<< 550 wibble declined here", ""}});
  EXPECT_THAT(file, HasSubstr("\"house-wibble-declined-here\""));
  EXPECT_THAT(file, Not(HasSubstr("declined-here-2")));
}

TEST(RuleDraftTest, NobodyIsNamed) {
  EXPECT_THAT(draft({{"550 wibble <anna@example.net>", ""}}), Not(HasSubstr("anna")));
}

TEST(RuleDraftTest, EveryCauseIsListed) {
  const std::string file = draft({{std::string(kOdd), ""}});
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    EXPECT_THAT(file, HasSubstr(std::string(id_of(static_cast<Cause>(i)))));
  }
}

}  // namespace
}  // namespace plainbounce

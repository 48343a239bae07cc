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
#include "lib/knowledge/known_words.h"
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
constexpr std::string_view kOddShape = "550 5.7.0 * of * 0 was *";

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
  EXPECT_EQ(line_of(kOdd), "examples = [{ text = \"" + std::string(kOddShape) +
                               "\", host = \"mx.example.net\" }]");
  EXPECT_EQ(line_of("552 5.2.2 Mailbox is full"), "none");
  EXPECT_EQ(line_of("250 2.0.0 Ok"), "none");
  EXPECT_EQ(line_of(""), "none");
}

// What one reply says of a person, and what of it may not be in the log.
struct Named {
  std::string text;
  std::vector<std::string> secrets;
};

TEST(UnmatchedReplyTest, NobodyIsNamedInAnySpelling) {
  const std::vector<Named> replies = {
      {"550 5.7.0 <Anna.Lind@example.net> refused", {"Anna", "Lind", "example"}},
      {"550 5.7.0 wibble jonas(at)example.net", {"jonas", "example"}},
      {"550 5.7.0 wibble jonas at example dot net", {"jonas", "example"}},
      {"550 5.7.0 wibble jonas [at] example [dot] net", {"jonas", "example"}},
      {"550 5.7.0 wibble jonas%example.net%relay.example", {"jonas", "example"}},
      {"550 5.7.0 wibble \"john smith\"@example.com", {"john", "smith"}},
      {"550 5.7.0 wibble j\xC3\xBCrgen\xEF\xBC\xA0"
       "b\xC3\xBC"
       "cher.example",
       {"rgen", "cher"}},
      {"550 5.7.0 wibble bounce+bob=lind.example@list.example", {"bob", "lind"}},
      {"550 5.7.0 wibble xn--mller-kva.example", {"kva", "ller"}},
      {"550 5.7.0 wibble mailto:anna%40lind.example", {"anna", "lind"}},
      {"550 5.7.0 wibble https://lind.example/why?to=anna%40lind.example", {"anna", "lind"}},
      {"550 5.7.0 call Herr Dr. M\xC3\xBCller", {"ller"}},
      {"550 5.7.0 call Mr. Jonas O'Brien-Lind", {"Jonas", "Brien", "Lind"}},
      {"550 5.7.0 call JONAS LIND, j o n a s", {"JONAS", "LIND", "j", "n", "s"}},
      {"550 5.7.0 call Max Lind or Joe or Will Smith", {"Max", "Lind", "Joe", "Will", "Smith"}},
      {"550 5.7.0 wibble j.o.n.a.s j-o-n-a-s j_o_n_a_s", {"j", "n", "s"}},
      {"550 5.7.0 call +49 30 1234567 or (030) 12 34 56-78", {"49", "30", "12", "34", "56", "78"}},
      {"550 5.7.0 call 0049-30-1234567, 030/1234567", {"49", "30", "123"}},
      {"550 5.7.0 IBAN DE89 3704 0044 0532 0130 00", {"89", "3704", "44", "532", "130"}},
      {"550 5.7.0 IBAN DE89370400440532013000", {"DE89", "3704", "13000"}},
      {"550 5.7.0 ticket #4711-AB, case SR-12345, customer K123", {"4711", "AB", "123"}},
      {"550 5.7.0 call \xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93\xEF\xBC\x94", {"\xEF\xBC"}},
      {"550 5.7.0 call \xD9\xA1\xD9\xA2\xD9\xA3", {"\xD9\xA1"}},
      {"550 5.7.0 call \xE2\x91\xA0\xE2\x91\xA1\xC2\xB3", {"\xE2\x91", "\xC2\xB3"}},
      {"550 5.7.0 call zero seven three", {"zero", "seven", "three"}},
      {"550 5.7.0 call sieben drei zwei", {"sieben", "drei", "zwei"}},
      {"550 5.7.0 wibble \xF0\x9D\x90\xA3\xF0\x9D\x90\xA8\xF0\x9D\x90\xA7", {"\xF0\x9D"}},
      {"550 5.7.0 wibble \xE2\x93\x99\xE2\x93\x9E\xE2\x93\x9D", {"\xE2\x93"}},
      {"550 5.7.0 wibble \xEF\xBD\x8A\xEF\xBD\x8F\xEF\xBD\x8E", {"\xEF\xBD"}},
      {"550 5.7.0 \xE5\xB1\xB1\xE7\x94\xB0\xE5\xA4\xAA\xE9\x83\x8E",
       {"\xE5\xB1\xB1", "\xE9\x83\x8E"}},
      {"550 5.7.0 \xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD\xD0\xBE\xD0\xB2", {"\xD0\x98"}},
      {"550 5.7.0 用户王小明的邮箱不 wibble", {"王", "小明"}},
      {"550 5.7.0 王 小 明 wibble", {"王", "明"}},
      {"550 5.7.0 山田太郎様 wibble", {"山田", "太郎"}},
      {"550 5.7.0 김철수 wibble", {"김"}},
      {"550 5.7.0 สมชาย wibble", {"สม"}},
      {"550 5.7.0 محمد wibble", {"مح"}},
      {"550 5.7.0 wibble 192.0.2.77 2001:db8::77 192-0-2-77.lind.example", {"77", "lind"}},
      {"550 5.7.0 anna.lind: wibble annalind", {"anna", "lind"}},
  };
  for (const auto& [text, secrets] : replies) {
    const std::string line = line_of(text, "anna.lind@example.net");
    const std::string shown = read_back(line);
    for (const std::string& secret : secrets) {
      const bool alone = secret.size() == 1;
      EXPECT_FALSE(alone ? RE2::PartialMatch(shown, "\\b" + secret + "\\b")
                         : shown.find(secret) != std::string::npos)
          << text << " -> " << line;
    }
  }
}

TEST(UnmatchedReplyTest, TheWordsOfServersStay) {
  const std::vector<std::pair<std::string, std::string>> shapes = {
      {"550 5.7.0 Frobnication of wibble 4711 was refused", "550 5.7.0 * of * 0 was refused"},
      {"550-5.7.1 [203.0.113.9] Message wibbled, see https://example.net/why?id=7",
       "550-5.7.1 [0.0.0.0] Message *, see https://x.invalid/"},
      {"550 5.7.0 <anna@example.net> isn't wibbled by mx.example.net (ticket AB12CD34)",
       "550 5.7.0 <x@x.invalid> isn't * by x.invalid (ticket x0000)"},
      {"550 IPv6 isn't wibbled", "550 IPv6 isn't *"},
      {"550 Der Empf\xC3\xA4nger wibbelt nicht", "550 Der Empf\xC3\xA4nger * nicht"},
  };
  for (const auto& [text, shape] : shapes) EXPECT_EQ(read_back(line_of(text)), shape);
}

TEST(UnmatchedReplyTest, AServerThatIsNoneIsNotNamed) {
  RecipientDiagnosis found = diagnosis_of(kOdd);
  for (const char* host : {"jonas(at)example.net", "Jonas Lind", "anna@example.net", "+49 30 1"}) {
    found.facts.remote_host = host;
    EXPECT_THAT(unmatched_reply(found)->line, Not(HasSubstr("host"))) << host;
  }
}

TEST(UnmatchedReplyTest, NothingCanBeInjected) {
  const std::string hostile =
      "550 wibble \"}]\nunmatched: evil' \\u0041 \x1b[31m \xE2\x80\xAE \xF0\x9F\x98\x80 \xFF";
  const std::string line = line_of(hostile);
  EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7F; }))
      << line;
  EXPECT_THAT(line, Not(HasSubstr("'")));
  EXPECT_EQ(read_back(line), "550 * \"}] *: *' x0000 *[x0000 *");
}

TEST(UnmatchedReplyTest, ALongReplyIsCut) {
  EXPECT_LT(line_of("550 " + std::string(20000, '"')).size(), 5000U);
  EXPECT_LT(line_of("550 " + std::string(20000, '\x01')).size(), 5000U);
}

TEST(UnmatchedReplyTest, TheLogGivesTheExampleBack) {
  const auto example = read_unmatched("Nov 22 host plainbounce[1]: unmatched: " + line_of(kOdd));
  ASSERT_TRUE(example);
  EXPECT_EQ(example->text, kOddShape);
  EXPECT_EQ(example->host, "mx.example.net");
  for (const char* line : {"", "queue_id=A result=rewritten", "unmatched: ", "unmatched: examples",
                           "unmatched: examples = 1", "unmatched: examples = [{ text = \"x"}) {
    EXPECT_FALSE(read_unmatched(line)) << line;
  }
}

// A name that is spelled in any of them is no word that a server uses.
TEST(UnmatchedReplyTest, WhatIsNoWordOfServersIsNotTold) {
  for (const char* name : {"Jonas", "Lind", "M\xC3\xBCller", "j", "Joe", "Max", "Will", "zero",
                           "seven", "sieben", "trois", "example", "\xE5\xB1\xB1\xE7\x94\xB0"}) {
    EXPECT_FALSE(is_known_word(name)) << name;
  }
  for (const char* word : {"mailbox", "MAILBOX", "Postfach", "max", "will", "isn't",
                           "isn\xE2\x80\x99t", "to", "on", "IPv6", "\xE9\x82\xAE\xE4\xBB\xB6"}) {
    EXPECT_TRUE(is_known_word(word)) << word;
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
  EXPECT_EQ(reply_pattern("550 5.7.0 * of * 0 was declined (ticket x0000)"),
            "of .{1,60} \\d+ was declined \\(ticket");
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

// The log has a shape alone; what is made of it must find the reply itself.
TEST(RuleDraftTest, ALoggedShapeMakesARuleForTheReply) {
  for (const std::string_view reply :
       {kOdd, std::string_view("550 5.7.0 Wibble of Jonas Lind was refused here"),
        std::string_view("451 4.7.1 We have wibbled <anna@example.net> 4711 times today, sorry"),
        std::string_view("550 5.7.0 用户王小明的邮箱冻")}) {
    const auto logged = read_unmatched("unmatched: " + line_of(reply, "lind@example.net"));
    ASSERT_TRUE(logged) << reply;
    RuleSet rules;
    const std::string file = draft({*logged});
    ASSERT_NO_THROW(rules.load(std::array{RuleFile{"draft.toml", file}}, Tier::kOwn)) << file;
    EXPECT_FALSE(rules.matches(HeardText(reply), {}).empty()) << reply << '\n' << file;
  }
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

// The message files: what is refused when loading, and what every language must have.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "lib/base/data_error.h"
#include "lib/knowledge/cause.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/catalogue.h"
#include "lib/notice/message_arguments.h"
#include "lib/report/report.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;

constexpr std::string_view kMeta = "meta.language = \"en\"\n";

std::string error_of(std::string_view toml) {
  try {
    Messages::parse("xx.toml", std::string(kMeta).append(toml));
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(MessagesParseTest, ErrorsNameFileLineAndKey) {
  EXPECT_THAT(error_of("[a]\nb = \"{count, plural, one {x}}\""),
              HasSubstr("xx.toml:3: a.b: no MessageFormat pattern"));
  EXPECT_THAT(error_of("a = \"{nonsense}\""),
              HasSubstr("xx.toml:2: a: there is no argument {nonsense}"));
  EXPECT_THAT(error_of("a = \"{count, plural, one {{nonsense}} other {}}\""),
              HasSubstr("there is no argument {nonsense}"));
  EXPECT_THAT(error_of("a = 1"), HasSubstr("xx.toml:2: a: expected text"));
  EXPECT_THAT(error_of("a = \"\""), HasSubstr("xx.toml:2: a: is empty"));
  EXPECT_THAT(error_of("a = [\"x\", \"@gone\"]"),
              HasSubstr("xx.toml:2: a.2: there is no step.gone"));
  EXPECT_THAT(error_of("a = "), HasSubstr("xx.toml:2: TOML: "));
  EXPECT_THAT(error_of("a = \"{0}\""), HasSubstr("there is no argument {0}"));
}

TEST(MessagesParseTest, AStepThatLeadsBackToItselfIsRefused) {
  EXPECT_EQ(error_of("[step]\nask = \"@ask\""),
            "xx.toml:3: step.ask: leads back to itself: ask → ask");
  EXPECT_EQ(error_of("[step]\nask = \"@wait\"\nwait = \"@ask\""),
            "xx.toml:3: step.ask: leads back to itself: ask → wait → ask");
  EXPECT_EQ(error_of("[step]\nask = [\"{domain}\", \"@wait\"]\nwait = [\"@ask\", \"x\"]"),
            "xx.toml:3: step.ask.2: leads back to itself: ask → wait → ask");
  EXPECT_EQ(error_of("[step]\nask = [\"x\", \"@ask.2\"]"),
            "xx.toml:3: step.ask.2: leads back to itself: ask.2 → ask.2");
  EXPECT_EQ(error_of("a = [\"@in\"]\n[step]\nin = \"@one\"\none = \"@two\"\n"
                     "two = \"@three\"\nthree = \"@one\""),
            "xx.toml:5: step.one: leads back to itself: one → two → three → one");
}

TEST(MessagesParseTest, AStepMayLeadToOthers) {
  EXPECT_EQ(error_of("a = \"@one\"\n[step]\none = [\"@two\", \"@three\"]\n"
                     "two = [\"{domain}\", \"@three\"]\nthree = \"x\""),
            "no error");
}

TEST(MessagesParseTest, AChainOfStepsThatIsTooLongIsRefused) {
  std::string toml = "[step]\n";
  for (int i = 0; i < 100000; ++i) {
    toml += "s" + std::to_string(i) + " = \"@s" + std::to_string(i + 1) + "\"\n";
  }
  EXPECT_THAT(error_of(toml + "s100000 = \"x\""), HasSubstr("leads through more than 10 steps: s"));
  EXPECT_THAT(error_of(toml + "s100000 = \"@s0\""),
              HasSubstr("leads through more than 10 steps: s"));
}

TEST(MessagesParseTest, MetaMustNameTheLanguage) {
  EXPECT_THROW(Messages::parse("xx.toml", "a = \"b\""), DataError);
  EXPECT_THROW(Messages::parse("xx.toml", "[meta]\ndirection = \"up\""), DataError);
  const Messages messages =
      Messages::parse("xx.toml", "[meta]\nlanguage = \"ar\"\ndirection = \"rtl\"\n");
  EXPECT_EQ(messages.language(), "ar");
  EXPECT_EQ(messages.locale(), "ar");
  EXPECT_TRUE(messages.right_to_left());
}

TEST(MessagesParseTest, ArraysBecomeNumberedKeys) {
  const Messages messages = Messages::parse(
      "xx.toml", std::string(kMeta) + "[a]\nb = [\"one\", [\"{domain}\", \"two\"]]");
  ASSERT_NE(messages.find("a.b.1"), nullptr);
  EXPECT_EQ(*messages.find("a.b.2.2"), "two");
  EXPECT_EQ(messages.find("a.b"), nullptr);
  EXPECT_EQ(messages.arguments("a.b.2.1"), std::vector<std::string>{"domain"});
}

TEST(WordingTest, UnknownLanguagesAreEnglish) {
  const Catalogue catalogue = Catalogue::load();
  EXPECT_EQ(catalogue.messages("en-AU").language(), "en");
  EXPECT_EQ(catalogue.messages("xx").language(), "en");
  EXPECT_EQ(catalogue.messages("").language(), "en");
  EXPECT_EQ(catalogue.messages("no language!").language(), "en");
  EXPECT_EQ(catalogue.find("xx"), nullptr);
  EXPECT_EQ(catalogue.find(""), nullptr);
  EXPECT_EQ(catalogue.find("*"), nullptr);
  EXPECT_EQ(catalogue.find("en_US"), &catalogue.messages("en"));
}

// Every language's messages.
class EveryLanguageTest : public testing::Test {
 protected:
  const Catalogue catalogue_ = Catalogue::load();
  const CauseTable causes_ = Knowledge::load().causes();

  std::vector<const Messages*> all() const {
    std::vector<const Messages*> result;
    for (const std::string& language : catalogue_.languages()) {
      result.push_back(&catalogue_.messages(language));
    }
    return result;
  }

  static bool has(const Messages& messages, const std::string& key) {
    return messages.find(key) != nullptr || messages.find(key + ".1") != nullptr ||
           messages.find(key + ".1.1") != nullptr;
  }

  // Can the text be said whatever is known? `also`: arguments that are given besides.
  static bool can_always_be_said(const Messages& messages, const std::string& key,
                                 const std::set<std::string>& also = {}) {
    const auto known = [&](const std::string& alternative) {
      for (const std::string& name : messages.arguments(alternative)) {
        if (!is_always_known(name) && also.count(name) == 0) return false;
      }
      return true;
    };
    if (messages.find(key) != nullptr) return known(key);
    for (int i = 1; messages.find(fmt::format("{}.{}", key, i)) != nullptr; ++i) {
      if (known(fmt::format("{}.{}", key, i))) return true;
    }
    return false;
  }
};

TEST_F(EveryLanguageTest, EveryCauseHasEveryText) {
  for (const Messages* messages : all()) {
    for (std::size_t i = 0; i < kCauseCount; ++i) {
      const std::string table = fmt::format("cause.{}", id_of(static_cast<Cause>(i)));
      SCOPED_TRACE(messages->language() + " " + table);
      EXPECT_TRUE(can_always_be_said(*messages, table + ".reason"));
      EXPECT_TRUE(can_always_be_said(*messages, table + ".what.1"));
      EXPECT_TRUE(can_always_be_said(*messages, table + ".avoid"));
      EXPECT_TRUE(can_always_be_said(*messages, table + ".admin.1"));
      const bool is_success = causes_[static_cast<Cause>(i)].success.has_value();
      EXPECT_EQ(has(*messages, table + ".steps"), !is_success);
      EXPECT_EQ(messages->find(table + ".steps.5"), nullptr) << "at most four steps";
      EXPECT_FALSE(has(*messages, table + ".steps.5")) << "at most four steps";
    }
  }
}

TEST_F(EveryLanguageTest, EveryTableNamesOnlyCausesOutcomesAndActors) {
  for (const Messages* messages : all()) {
    for (const auto& [key, pattern] : messages->all()) {
      std::istringstream parts(key);
      std::string table;
      std::string row;
      std::getline(parts, table, '.');
      std::getline(parts, row, '.');
      std::string name;
      std::getline(parts, name, '.');
      if (table == "cause") {
        EXPECT_TRUE(parse_id<Cause>(row)) << key;
        EXPECT_TRUE(
            (std::set<std::string>{"reason", "what", "steps", "avoid", "admin"}.count(name)))
            << key;
      } else if (table == "own") {
        EXPECT_TRUE(parse_id<Cause>(row)) << key;
        EXPECT_TRUE((std::set<std::string>{"reason", "what", "steps"}.count(name))) << key;
      } else if (table == "provider") {
        EXPECT_TRUE(parse_id<Cause>(name)) << key;
      } else if (table == "turn") {
        EXPECT_TRUE(parse_id<Actor>(name) || name == "house_admin") << key;
      } else if (table == "outcome" || table == "group") {
        EXPECT_TRUE(parse_id<Outcome>(row)) << key;
      }
    }
  }
}

TEST_F(EveryLanguageTest, HeadlinesAndTurnsNeedNoFacts) {
  for (const Messages* messages : all()) {
    SCOPED_TRACE(messages->language());
    for (std::size_t i = 0; i < kOutcomeCount; ++i) {
      const std::string outcome(id_of(static_cast<Outcome>(i)));
      EXPECT_TRUE(can_always_be_said(*messages, "headline." + outcome, {"reason"})) << outcome;
      EXPECT_TRUE(can_always_be_said(*messages, "group." + outcome, {"reason"})) << outcome;
    }
    for (const char* fates :
         {"failed", "delayed", "done", "failed-delayed", "failed-done", "delayed-done", "all"}) {
      EXPECT_TRUE(can_always_be_said(*messages, std::string("headline.mixed-") + fates,
                                     {"failed", "delayed", "done"}))
          << fates;
    }
    for (const char* fate :
         {"failed", "delayed", "done", "some-failed", "some-delayed", "relayed", "expanded"}) {
      EXPECT_TRUE(can_always_be_said(*messages, std::string("subject.") + fate)) << fate;
    }
    for (std::size_t i = 0; i < kIds<Actor>.size(); ++i) {
      const auto actor = static_cast<Actor>(i);
      for (const char* table : {"turn.failed.", "turn.delayed.", "turn.unsure."}) {
        // Where it is the reader's turn the steps say so.
        const bool by_steps = actor == Actor::kSender || actor == Actor::kNobody;
        if (table == std::string_view("turn.failed.") && by_steps) continue;
        const std::string name = table + std::string(id_of(actor)) + ".1";
        EXPECT_TRUE(can_always_be_said(*messages, name)) << name;
      }
    }
    for (const Writer writer : {Writer::kAutomatic, Writer::kProgram, Writer::kList}) {
      const std::string id(id_of(writer));
      EXPECT_TRUE(can_always_be_said(*messages, "said." + id + ".1")) << id;
      EXPECT_TRUE(can_always_be_said(*messages, "writer." + id + ".turn.1")) << id;
    }
    EXPECT_TRUE(can_always_be_said(*messages, "path.ours"));
    EXPECT_TRUE(can_always_be_said(*messages, "path.theirs"));
  }
}

// Who is said to have to act and the first step don't contradict each other.
TEST_F(EveryLanguageTest, TheFirstStepIsForWhomTheTurnIs) {
  const CauseTable causes = Knowledge::load().causes();
  for (const Messages* messages : all()) {
    for (std::size_t i = 0; i < kCauseCount; ++i) {
      const CauseEntry& cause = causes[static_cast<Cause>(i)];
      const std::string name = fmt::format("cause.{}.steps.1", id_of(static_cast<Cause>(i)));
      const auto step = messages->all().find(name);
      if (step == messages->all().end()) continue;
      const bool asks_admin = step->second == "@ask-admin";
      EXPECT_EQ(asks_admin, cause.actor == Actor::kSenderAdmin && !cause.reader_first) << name;
    }
  }
}

TEST_F(EveryLanguageTest, EverySharedStepIsUsed) {
  for (const Messages* messages : all()) {
    std::set<std::string> used;
    for (const auto& [key, pattern] : messages->all()) {
      if (pattern.front() == '@') used.insert("step." + pattern.substr(1));
    }
    for (const auto& [key, pattern] : messages->all()) {
      if (!key.starts_with("step.")) continue;
      EXPECT_EQ(used.count(key.substr(0, key.find('.', 5))), 1u) << key;
    }
  }
}

}  // namespace
}  // namespace plainbounce

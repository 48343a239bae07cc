// The message files: what is refused when loading, what every language must have, and how English
// has to read.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <sstream>

#include "lib/embedded.h"
#include "lib/knowledge/cause.h"
#include "lib/notice/arguments.h"
#include "lib/notice/phrases.h"
#include "lib/notice/wording.h"
#include "lib/report/text.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;

constexpr std::string_view kMeta = "meta.language = \"en\"\n";

std::string error_of(std::string_view toml) {
  try {
    Messages::parse("xx.toml", std::string(kMeta).append(toml));
  } catch (const WordingError& error) {
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

TEST(MessagesParseTest, MetaMustNameTheLanguage) {
  EXPECT_THROW(Messages::parse("xx.toml", "a = \"b\""), WordingError);
  EXPECT_THROW(Messages::parse("xx.toml", "[meta]\ndirection = \"up\""), WordingError);
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
  const Wording wording = Wording::load();
  EXPECT_EQ(wording.messages("en-AU").language(), "en");
  EXPECT_EQ(wording.messages("tlh").language(), "en");
  EXPECT_EQ(wording.messages("").language(), "en");
}

// Every language's messages.
class EveryLanguageTest : public testing::Test {
 protected:
  const Wording wording_ = Wording::load();

  std::vector<const Messages*> all() const {
    std::vector<const Messages*> result;
    for (const std::string& language : wording_.languages()) {
      result.push_back(&wording_.messages(language));
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
      const std::string table = fmt::format("cause.{}", cause_id(static_cast<Cause>(i)));
      SCOPED_TRACE(messages->language() + " " + table);
      EXPECT_TRUE(can_always_be_said(*messages, table + ".reason"));
      EXPECT_TRUE(can_always_be_said(*messages, table + ".what.1"));
      EXPECT_TRUE(can_always_be_said(*messages, table + ".avoid"));
      EXPECT_TRUE(can_always_be_said(*messages, table + ".admin.1"));
      const bool success = i >= static_cast<std::size_t>(Cause::kDelivered) &&
                           i <= static_cast<std::size_t>(Cause::kExpanded);
      EXPECT_EQ(has(*messages, table + ".steps"), !success);
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
        EXPECT_TRUE(parse_cause(row)) << key;
        EXPECT_TRUE(
            (std::set<std::string>{"reason", "what", "steps", "avoid", "admin"}.count(name)))
            << key;
      } else if (table == "provider") {
        EXPECT_TRUE(parse_cause(name)) << key;
      } else if (table == "turn") {
        EXPECT_TRUE(parse_actor(name)) << key;
      } else if (table == "outcome" || table == "group") {
        EXPECT_TRUE(parse_outcome(row)) << key;
      }
    }
  }
}

TEST_F(EveryLanguageTest, HeadlinesAndTurnsNeedNoFacts) {
  for (const Messages* messages : all()) {
    SCOPED_TRACE(messages->language());
    for (std::size_t i = 0; i < kOutcomeCount; ++i) {
      const std::string outcome(outcome_id(static_cast<Outcome>(i)));
      EXPECT_TRUE(can_always_be_said(*messages, "headline." + outcome, {"reason"})) << outcome;
      EXPECT_TRUE(can_always_be_said(*messages, "group." + outcome, {"reason"})) << outcome;
    }
    for (const char* fates :
         {"failed", "delayed", "done", "failed-delayed", "failed-done", "delayed-done", "all"}) {
      EXPECT_TRUE(can_always_be_said(*messages, std::string("headline.mixed-") + fates,
                                     {"failed", "delayed", "done"}))
          << fates;
    }
    for (const char* fate : {"failed", "delayed", "done", "mixed", "relayed", "expanded"}) {
      EXPECT_TRUE(can_always_be_said(*messages, std::string("subject.") + fate)) << fate;
    }
    for (std::size_t i = 0; i < kActorCount; ++i) {
      const std::string actor(actor_id(static_cast<Actor>(i)));
      EXPECT_TRUE(can_always_be_said(*messages, "actor." + actor)) << actor;
      for (const char* table : {"turn.failed.", "turn.delayed.", "turn.unsure."}) {
        EXPECT_TRUE(can_always_be_said(*messages, table + actor + ".1")) << table << actor;
      }
    }
    EXPECT_TRUE(can_always_be_said(*messages, "turn.done.nobody.1"));
    EXPECT_TRUE(can_always_be_said(*messages, "path.ours"));
    EXPECT_TRUE(can_always_be_said(*messages, "path.theirs"));
  }
}

TEST_F(EveryLanguageTest, HasTheKeysOfEnglishAndNoOthers) {
  const Messages& english = wording_.messages("en");
  for (const Messages* messages : all()) {
    for (const auto& [key, pattern] : english.all()) {
      EXPECT_NE(messages->find(key), nullptr) << messages->language() << " lacks " << key;
    }
    for (const auto& [key, pattern] : messages->all()) {
      EXPECT_NE(english.find(key), nullptr) << messages->language() << " has " << key;
      EXPECT_THAT(messages->arguments(key),
                  testing::UnorderedElementsAreArray(english.arguments(key)))
          << messages->language() << " " << key;
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

TEST_F(EveryLanguageTest, StaysCalm) {
  for (const Messages* messages : all()) {
    for (const auto& [key, pattern] : messages->all()) {
      EXPECT_EQ(pattern.find('!'), std::string::npos) << key;
      EXPECT_EQ(pattern.find("://"), std::string::npos) << key << ": links come from the conf only";
    }
  }
}

// Bounce parsers take these for a failure notice, or what follows them for a failed address.
TEST_F(EveryLanguageTest, NoStockPhraseOfABounceIsUsed) {
  constexpr const char* kPhrases[] = {
      "could not be delivered",
      "couldn't be delivered",
      "cannot be delivered",
      "can't be delivered",
      "mail delivery software",
      "the following address",
      "the following recipient",
      "permanent fatal error",
      "message from",
      "undeliverable",
      "undelivered",
      "unable to deliver",
      "not able to deliver",
      "wasn't able to deliver",
      "delivery problem",
      "delivery failed",
      "did not reach",
      "not delivered to the following",
      "your list of failed",
      "failed recipient",
      "failed address",
      "no such user",
      "original message",
      "original mail",
      "returned mail",
      "returned message attached",
      "returned to sender",
      "transcript of session",
      "this is the mail system",
      "a message that you sent",
      "intended recipient",
      "copy of your message",
      "copy of the message",
      "mailbox is full:",
      "------",
  };
  for (const Messages* messages : all()) {
    for (const auto& [key, pattern] : messages->all()) {
      const std::string text = ascii_lower(pattern);
      for (const char* phrase : kPhrases) {
        EXPECT_EQ(text.find(phrase), std::string::npos) << key << " has \"" << phrase << '"';
      }
    }
  }
}

// Flesch-Kincaid -------------------------------------------------------------------------------

// As a human counts, nearly: groups of vowels, without a silent e at the end.
int syllables(std::string word) {
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto is_vowel = [](char c) {
    return std::string_view("aeiouy").find(c) != std::string::npos;
  };
  int count = 0;
  bool previous = false;
  for (const char c : word) {
    if (is_vowel(c) && !previous) ++count;
    previous = is_vowel(c);
  }
  const bool silent_e = word.ends_with('e') && !word.ends_with("le") && count > 1;
  const bool silent_es = word.ends_with("es") && !word.ends_with("ses") && !word.ends_with("ces") &&
                         !word.ends_with("xes") && !word.ends_with("ges") && count > 1;
  const bool silent_ed =
      word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded") && count > 1;
  for (const char* two : {"ient", "iou", "ia", "eo"}) {
    const std::size_t place = word.find(two);
    if (place != std::string::npos && place > 0 && word[place - 1] != 'c' &&
        word[place - 1] != 't') {
      ++count;
    }
  }
  if (silent_e || silent_es || silent_ed) --count;
  // n't is a syllable of its own where a consonant stands before it: "does-n't", but not "can't".
  if (word.ends_with("n't") && word.size() > 3 && !is_vowel(word[word.size() - 4])) ++count;
  return std::max(count, 1);
}

struct Reading {
  int words = 0;
  int sentences = 0;
  int syllable_count = 0;

  void add(const std::string& text) {
    std::string word;
    const auto end_word = [&] {
      const bool has_letter = std::any_of(word.begin(), word.end(),
                                          [](unsigned char c) { return std::isalnum(c) != 0; });
      if (has_letter) {
        ++words;
        syllable_count += syllables(word);
      }
      word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const bool at_end = i + 1 == text.size() || text[i + 1] == ' ';
      if (c == ' ' || c == '-') {
        end_word();
      } else if (std::string_view(".?:;").find(c) != std::string::npos && at_end) {
        end_word();
        ++sentences;
      } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '\'') {
        word += c;
      }
    }
    end_word();
    if (!text.empty() && std::string_view(".?:;").find(text.back()) == std::string::npos) {
      ++sentences;
    }
  }

  double grade() const { return 0.39 * words / sentences + 11.8 * syllable_count / words - 15.59; }
};

TEST(ReadingTest, CountsSyllablesAndSentences) {
  EXPECT_EQ(syllables("mailbox"), 2);
  EXPECT_EQ(syllables("message"), 2);
  EXPECT_EQ(syllables("administrator"), 5);
  EXPECT_EQ(syllables("recipient"), 4);
  EXPECT_EQ(syllables("doesn't"), 2);
  EXPECT_EQ(syllables("can't"), 1);
  EXPECT_EQ(syllables("locked"), 1);
  EXPECT_EQ(syllables("deleted"), 3);
  Reading reading;
  reading.add("The mailbox is full. We won't try again.");
  EXPECT_EQ(reading.sentences, 2);
  EXPECT_EQ(reading.words, 8);
  EXPECT_NEAR(reading.grade(), 0.39 * 4 + 11.8 * 10 / 8 - 15.59, 0.01);
}

class EnglishTest : public testing::Test {
 protected:
  const Wording wording_ = Wording::load();
  const Messages& english_ = wording_.messages("en");
  const Phrases phrases_{english_, english_};

  // Every argument, as short and plain as a person's own message would have them.
  static Arguments all_known() {
    Arguments arguments;
    for (const char* name : {"count", "others_count", "failed", "delayed", "done"}) {
      arguments[name] = std::int64_t{1};
    }
    for (const char* name : {"recipients", "meant_address", "new_address", "refused_sender",
                             "address", "others", "help_email", "actor"}) {
      arguments[name] = "Anna";
    }
    for (const char* name : {"domain", "provider", "block_list", "mechanism", "help_name",
                             "organisation", "subject", "passed_on_to"}) {
      arguments[name] = "Acme";
    }
    for (const char* name : {"message_size", "size_limit", "attachment_limit"}) {
      arguments[name] = "34 MB";
    }
    for (const char* name : {"since", "until", "last_attempt"}) arguments[name] = "Monday at 09:12";
    arguments["retry_after"] = "5 minutes";
    arguments["recipient_limit"] = "50";
    return arguments;
  }

  std::string sentence(const std::string& key, const Arguments& arguments) const {
    return phrases_.say(key, arguments);
  }

  void expect_easy(const std::string& name, const Reading& reading) const {
    ASSERT_GT(reading.words, 0) << name;
    EXPECT_LE(reading.grade(), 8.0)
        << name << ": " << reading.words << " words, " << reading.sentences << " sentences, "
        << reading.syllable_count << " syllables";
  }

  // The whole of what a user reads about a cause, with as many facts as there are, or none.
  Reading read_cause(std::string_view cause, const Arguments& known) const {
    Arguments arguments = known;
    const std::string table = fmt::format("cause.{}", cause);
    arguments["reason"] = phrases_.say(table + ".reason", arguments);
    Reading reading;
    reading.add(phrases_.say("headline.failed", arguments));
    reading.add(phrases_.paragraph(table + ".what", arguments));
    for (const std::string& step : phrases_.items(table + ".steps", arguments)) reading.add(step);
    reading.add(phrases_.say(table + ".avoid", arguments));
    return reading;
  }
};

TEST_F(EnglishTest, EveryCauseReadsAtGradeEightOrBelow) {
  const Arguments none = {{"count", std::int64_t{1}}, {"recipients", std::string("Anna")}};
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    const std::string id(cause_id(static_cast<Cause>(i)));
    expect_easy(id + " with every fact", read_cause(id, all_known()));
    expect_easy(id + " without facts", read_cause(id, none));
  }
}

TEST_F(EnglishTest, EveryOtherTableReadsAtGradeEightOrBelow) {
  std::map<std::string, Reading> tables;
  for (const auto& [key, pattern] : english_.all()) {
    const std::string table = key.substr(0, key.find('.'));
    const std::set<std::string> others = {"cause",  "admin", "provider", "block_list", "label",
                                          "format", "actor", "group",    "headline",   "list"};
    if (others.count(table) > 0) continue;
    if (pattern.front() != '@') tables[table].add(phrases_.say(key, all_known()));
  }
  EXPECT_GE(tables.size(), 9u);
  for (const auto& [table, reading] : tables) expect_easy(table, reading);
}

TEST_F(EnglishTest, EverySentenceThatStandsAloneEndsLikeOne) {
  for (const auto& [key, pattern] : english_.all()) {
    const bool sentence =
        key.find(".what.") != std::string::npos || key.find(".steps.") != std::string::npos ||
        key.find(".admin.") != std::string::npos || key.ends_with(".avoid") ||
        key.starts_with("turn.") || (key.starts_with("said.") && !key.starts_with("said.quote")) ||
        key.starts_with("provider.");
    if (!sentence || pattern.front() == '@') continue;
    const bool ends_in_an_address =
        pattern.ends_with('}') && pattern.find("new_address") != std::string::npos;
    EXPECT_TRUE(pattern.ends_with('.') || ends_in_an_address) << key << ": " << pattern;
  }
}

}  // namespace
}  // namespace plainbounce

// How English has to read: at grade 8 or below (Flesch-Kincaid), outside the administrator's part.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "lib/knowledge/cause.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/catalogue.h"
#include "lib/notice/speaker.h"

namespace plainbounce {
namespace {

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
  const Catalogue catalogue_ = Catalogue::load();
  const Messages& english_ = catalogue_.messages("en");
  const Speaker phrases_{english_, english_};

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
  Reading read_cause(std::string_view cause, Outcome outcome, Actor actor,
                     const Arguments& known) const {
    Arguments arguments = known;
    const std::string table = fmt::format("cause.{}", cause);
    const bool delayed = outcome == Outcome::kDelayed;
    const bool done = outcome == Outcome::kDelivered || outcome == Outcome::kRelayed ||
                      outcome == Outcome::kExpanded;
    arguments["reason"] = phrases_.say(table + ".reason", arguments);
    Reading reading;
    reading.add(phrases_.say(fmt::format("headline.{}", id_of(outcome)), arguments));
    reading.add(phrases_.paragraph(table + ".what", arguments));
    reading.add(phrases_.paragraph(fmt::format("outcome.{}", id_of(outcome)), arguments));
    if (!done) {
      reading.add(phrases_.paragraph(
          fmt::format("turn.{}.{}", delayed ? "delayed" : "failed", id_of(actor)), arguments));
    }
    const std::string advice = delayed ? "delayed" : table;
    for (const std::string& step : phrases_.items(advice + ".steps", arguments)) reading.add(step);
    reading.add(phrases_.say(advice + ".avoid", arguments));
    return reading;
  }
};

TEST_F(EnglishTest, EveryCauseWithEveryOutcomeReadsAtGradeEightOrBelow) {
  const Arguments none = {{"count", std::int64_t{1}}, {"recipients", std::string("Anna")}};
  const Knowledge knowledge = Knowledge::load();
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    const std::string id(id_of(cause));
    const Actor actor = knowledge.cause(cause).actor;
    for (std::size_t j = 0; j < kOutcomeCount; ++j) {
      const auto outcome = static_cast<Outcome>(j);
      const std::string name = fmt::format("{}, {}", id, id_of(outcome));
      expect_easy(name + ", with every fact", read_cause(id, outcome, actor, all_known()));
      expect_easy(name + ", without facts", read_cause(id, outcome, actor, none));
    }
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

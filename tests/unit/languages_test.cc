// What every language file must have, and must not. The files are read from the source tree, so
// that a translator needs no build to try one: `notice_test --gtest_filter='Languages/*/de'`.
// PLAINBOUNCE_MESSAGES_DIR names another directory to read, PLAINBOUNCE_PREVIEW_DIR one to write
// notices to.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/plurrule.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "lib/base/ascii.h"
#include "lib/base/embedded.h"
#include "lib/knowledge/cause.h"
#include "lib/notice/catalogue.h"
#include "lib/notice/speaker.h"
#include "tests/unit/language_files.h"
#include "tests/unit/message_structure.h"

namespace plainbounce {
namespace {

// "cause.mailbox-full.what.1" -> "cause"
std::string table_of(std::string_view key) { return std::string(key.substr(0, key.find('.'))); }

// Only the command line says these, to help desks: a language may leave them to English.
bool is_optional(std::string_view key) { return table_of(key) == "explain"; }

class EveryFileTest : public testing::TestWithParam<std::string> {
 protected:
  const Messages english_ = read_language_file("en");
  const Messages messages_ = read_language_file(GetParam());

  // The categories that whole numbers have in this language, with those numbers, and "other", which
  // ICU asks for.
  std::map<std::string, std::set<int>> categories() const {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Locale locale = icu::Locale::forLanguageTag(messages_.locale(), status);
    const std::unique_ptr<icu::PluralRules> rules(icu::PluralRules::forLocale(locale, status));
    EXPECT_TRUE(U_SUCCESS(status));
    std::map<std::string, std::set<int>> result = {{"other", {}}};
    constexpr int kLargest = 1000;
    for (int number = 0; number <= kLargest; ++number) {
      result[utf8(rules->select(number))].insert(number);
    }
    return result;
  }

  static Arguments everything(std::int64_t number) {
    Arguments arguments;
    for (const char* name : {"count", "others_count", "failed", "delayed", "done"}) {
      arguments[name] = number;
    }
    return arguments;
  }
};

class TranslationTest : public EveryFileTest {};
// English may stand alone.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TranslationTest);

TEST_P(EveryFileTest, NameIsTheLanguage) { EXPECT_EQ(messages_.language(), GetParam()); }

TEST_P(EveryFileTest, NoKeyIsMissing) {
  for (const auto& [key, pattern] : english_.all()) {
    if (is_optional(key)) continue;
    EXPECT_NE(messages_.find(key), nullptr)
        << GetParam() << ".toml lacks " << key << ": " << pattern;
  }
}

// Whoever refuses may be anybody: what is said of the reader's domain or server is theirs to say.
TEST_P(EveryFileTest, WhatIsSaidOfTheReadersDomainOrServerHasASpeaker) {
  CauseTable causes;
  const EmbeddedFile& file = embedded_file(knowledge_files(), "knowledge/causes.tsv");
  causes.load(file.name, file.content);
  std::size_t found = 0;
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    if (!causes[cause].of_sender || causes[cause].of_sender == OwnThing::kAccount) continue;
    for (const auto& [key, pattern] : messages_.all()) {
      const std::string text = fmt::format("cause.{}.", id_of(cause));
      const bool has_to = key == text + "reason" || key.starts_with(text + "what.1");
      if (!has_to) continue;
      ++found;
      EXPECT_NE(pattern.find("{service"), std::string::npos) << key << ": " << pattern;
    }
  }
  EXPECT_GE(found, 10U);
}

TEST_P(EveryFileTest, NoKeyIsUnknown) {
  for (const auto& [key, pattern] : messages_.all()) {
    EXPECT_NE(english_.find(key), nullptr) << GetParam() << ".toml has " << key << ": " << pattern;
  }
}

// "count" is always known where steps and sentences on recipients stand, and may come or go with
// the language's grammar; not where the number itself is told.
TEST_P(EveryFileTest, PlaceholdersAreThoseOfEnglish) {
  const std::set<std::string> counted = {"cause", "step",     "turn",    "outcome", "said",
                                         "group", "headline", "subject", "delayed", "unsure"};
  for (const auto& [key, pattern] : messages_.all()) {
    const std::string* const original = english_.find(key);
    if (original == nullptr) continue;
    const auto& expected = english_.arguments(key);
    const auto& actual = messages_.arguments(key);
    std::set<std::string> theirs(expected.begin(), expected.end());
    std::set<std::string> ours(actual.begin(), actual.end());
    const Structure structure = structure_of(*original);
    const bool is_loose = counted.count(table_of(key)) > 0 || theirs.count("count") > 0;
    if (is_loose && !structure.shows_number) {
      theirs.erase("count");
      ours.erase("count");
    }
    // Which words begin a sentence is a matter of the language.
    for (auto* const names : {&ours, &theirs}) {
      if (names->erase("service_first") > 0) names->insert("service");
    }
    EXPECT_EQ(ours, theirs) << key << ": " << pattern;
    if (structure.shows_number) {
      EXPECT_TRUE(structure_of(pattern).shows_number) << key << " tells no number: " << pattern;
    }
  }
}

// "@wait" stands for a step that is written once.
TEST_P(EveryFileTest, SharedStepsAreThoseOfEnglish) {
  for (const auto& [key, pattern] : messages_.all()) {
    const std::string* const original = english_.find(key);
    if (original == nullptr) continue;
    if (original->front() == '@' || pattern.front() == '@') {
      EXPECT_EQ(pattern, *original) << key;
    }
  }
}

// Where one is told from more and no number stands, "=1" and "other" are enough.
TEST_P(EveryFileTest, PluralsHaveEveryFormOfTheLanguageAndNoOther) {
  PluralForms expected;
  for (const auto& [category, numbers] : categories()) expected.insert(category);
  const PluralForms one_and_more = {"=1", "other"};
  for (const auto& [key, pattern] : messages_.all()) {
    const Structure structure = structure_of(pattern);
    for (std::size_t i = 0; i < structure.plurals.size(); ++i) {
      PluralForms forms = structure.plurals[i];
      if (forms == one_and_more && structure.without_number[i] == one_and_more) continue;
      std::erase_if(forms, [](const std::string& form) { return form.starts_with('='); });
      EXPECT_EQ(forms, expected) << key << ": " << pattern;
    }
  }
}

// In Ukrainian "one" is 21, too: what is right for one thing alone is wrong for 21.
TEST_P(EveryFileTest, AFormOfSeveralNumbersTellsWhichOrIsAPlural) {
  const auto all = categories();
  const auto one = all.find("one");
  if (one == all.end() || *one->second.rbegin() == 1) return;
  for (const auto& [key, pattern] : messages_.all()) {
    for (const PluralForms& forms : structure_of(pattern).without_number) {
      EXPECT_EQ(forms.count("one"), 0U) << key << ": " << pattern << ": =1 {...} other {...}";
    }
  }
}

TEST_P(EveryFileTest, EveryPatternCanBeSaidWithEveryNumber) {
  const Speaker phrases(messages_, messages_);
  for (const std::int64_t number : {0, 1, 2, 3, 5, 11, 21, 22, 100, 101, 1000}) {
    Arguments arguments = everything(number);
    for (const auto& [key, pattern] : messages_.all()) {
      for (const std::string& name : messages_.arguments(key)) arguments.emplace(name, "X");
    }
    for (const auto& [key, pattern] : messages_.all()) {
      const std::string said = phrases.say(key, arguments);
      EXPECT_FALSE(said.empty()) << key << " with " << number << ": " << pattern;
      EXPECT_EQ(said.find_first_of("{}"), std::string::npos) << key << ": " << said;
    }
  }
}

// In MessageFormat an apostrophe before a brace makes plain text of what follows.
TEST_P(EveryFileTest, ApostrophesQuoteNothing) {
  for (const auto& [key, pattern] : messages_.all()) {
    for (const char* quoted : {"'{", "'}", "'#"}) {
      const std::size_t place = pattern.find(quoted);
      const bool doubled = place != std::string::npos && place > 0 && pattern[place - 1] == '\'';
      EXPECT_TRUE(place == std::string::npos || doubled) << key << ": " << pattern;
    }
  }
}

// Names and signs may be the same; a sentence may not.
TEST_P(TranslationTest, NothingIsLeftInEnglish) {
  const std::set<std::string> names = {"label", "format", "path", "list", "actor"};
  const std::set<std::string> english_only = {"the",   "and",  "your",  "you",   "this",
                                              "that",  "with", "they",  "their", "from",
                                              "which", "isn",  "doesn", "won"};
  for (const auto& [key, pattern] : messages_.all()) {
    const std::string* const original = english_.find(key);
    if (original == nullptr || pattern.front() == '@') continue;
    const std::vector<std::string> words = words_of(structure_of(pattern).literal);
    constexpr std::size_t kMaxName = 2;
    const bool is_name = names.count(table_of(key)) > 0 && words.size() <= kMaxName;
    const bool is_term = key.starts_with("admin.stage_");  // "MAIL FROM", as in RFC 5321
    if (!is_name && !is_term && !words.empty()) {
      EXPECT_NE(pattern, *original) << key;
    }
    std::set<std::string> found;
    for (const std::string& word : words) {
      if (english_only.count(word) > 0) found.insert(word);
    }
    EXPECT_LT(found.size(), 2u) << key << " reads like English: " << pattern;
  }
}

// A sentence in a language that isn't written in Latin letters has letters of its own.
TEST_P(EveryFileTest, SentencesAreInTheLanguagesOwnScript) {
  UErrorCode status = U_ZERO_ERROR;
  const std::string locale = icu::Locale::forLanguageTag(messages_.locale(), status).getName();
  UScriptCode scripts[4] = {};
  const int count = uscript_getCode(locale.c_str(), scripts, 4, &status);
  ASSERT_TRUE(U_SUCCESS(status));
  const std::set<UScriptCode> own(scripts, scripts + count);
  for (const auto& [key, pattern] : messages_.all()) {
    if (pattern.front() == '@' || key.starts_with("admin.stage_")) continue;
    const icu::UnicodeString text = icu::UnicodeString::fromUTF8(structure_of(pattern).literal);
    const std::vector<std::string> words = words_of(utf8(text));
    if (words.empty() || (table_of(key) == "label" && words.size() <= 2)) continue;
    bool has_own = false;
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
      UErrorCode ignored = U_ZERO_ERROR;
      has_own = has_own || own.count(uscript_getScript(text.char32At(i), &ignored)) > 0;
    }
    EXPECT_TRUE(has_own) << key << ": " << pattern;
  }
}

TEST_P(EveryFileTest, DirectionIsThatOfTheScript) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale locale = icu::Locale::forLanguageTag(messages_.locale(), status);
  ASSERT_TRUE(U_SUCCESS(status)) << messages_.locale();
  EXPECT_EQ(messages_.right_to_left(), locale.isRightToLeft() != 0);
  ASSERT_NE(messages_.find("format.arrow"), nullptr);
  EXPECT_EQ(*messages_.find("format.arrow"), messages_.right_to_left() ? "\u2190" : "\u2192");
}

TEST_P(EveryFileTest, StepsEndLikeSentences) {
  const auto ends_well = [](const std::string& text) {
    for (const char* end : {".", "?", "\u3002", "\u061F", "\uFF1F", "}"}) {
      if (text.ends_with(end)) return true;
    }
    return false;
  };
  for (const auto& [key, pattern] : messages_.all()) {
    const bool is_sentence = key.starts_with("step.") || key.starts_with("turn.") ||
                             key.starts_with("provider.") || key.ends_with(".avoid") ||
                             key.find(".what.") != std::string::npos ||
                             key.find(".admin.") != std::string::npos;
    if (is_sentence && pattern.front() != '@') {
      EXPECT_TRUE(ends_well(pattern)) << key << ": " << pattern;
    }
    const bool is_reason = key.find(".reason") != std::string::npos;
    if (is_reason) {
      EXPECT_FALSE(pattern.ends_with('.')) << key << ": " << pattern;
    }
  }
}

TEST_P(EveryFileTest, StaysCalm) {
  for (const auto& [key, pattern] : messages_.all()) {
    for (const char* mark : {"!", "\u00A1", "\uFF01"}) {
      EXPECT_EQ(pattern.find(mark), std::string::npos) << key << ": " << pattern;
    }
    EXPECT_EQ(pattern.find("://"), std::string::npos) << key << ": links come from the conf only";
  }
}

// Bounce parsers take these for a failure notice, or what follows them for a failed address.
TEST_P(EveryFileTest, NoStockPhraseOfABounceIsUsed) {
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
      "your message to:",
      "your message with subject:",
      "not yet been delivered",
      "informations de diagnostic pour les administrateurs",
      "serveur de g\u00e9n\u00e9ration",
      "en-t\u00eates de message d'origine",
      "\u30e1\u30c3\u30bb\u30fc\u30b8\u3092\u914d\u4fe1\u3067\u304d\u307e\u305b\u3093",
      "\u30e1\u30fc\u30eb\u914d\u4fe1\u306b\u5931\u6557\u3057\u307e\u3057\u305f",
      "------",
  };
  for (const auto& [key, pattern] : messages_.all()) {
    const std::string text = ascii_lower(pattern);
    for (const char* phrase : kPhrases) {
      EXPECT_EQ(text.find(phrase), std::string::npos) << key << " has \"" << phrase << '"';
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, EveryFileTest, testing::ValuesIn(language_files()),
                         language_test_name);
INSTANTIATE_TEST_SUITE_P(Languages, TranslationTest, testing::ValuesIn(translation_files()),
                         language_test_name);

TEST(LanguagesTest, EveryFileIsCompiledIn) {
  if (std::getenv("PLAINBOUNCE_MESSAGES_DIR") != nullptr) GTEST_SKIP() << "another directory";
  std::vector<std::string> languages = Catalogue::load().languages();
  EXPECT_THAT(languages, testing::UnorderedElementsAreArray(language_files()));
}

}  // namespace
}  // namespace plainbounce

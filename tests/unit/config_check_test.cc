// What check-config and --check say of the administrator's rules.
#include "lib/config/config_check.h"

#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "lib/config/resources.h"

namespace plainbounce {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// A rules directory with one file of rules.
class ConfigCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = "/tmp/plainbounce-rules-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    config_.rules_directory = directory_;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(std::string_view rules) { std::ofstream(directory_ / "own.toml") << rules; }

  ConfigCheck check() { return check_config("x.conf", config_); }
  std::string warnings() { return check().warnings; }

  // What both the check and the start refuse; empty: nothing.
  std::string error() {
    std::string at_start;
    try {
      load_resources(config_);
    } catch (const DataError& refused) {
      at_start = refused.what();
    }
    std::string at_check;
    try {
      check();
    } catch (const DataError& refused) {
      at_check = refused.what();
    }
    EXPECT_EQ(at_start, at_check);
    return at_check;
  }

  std::filesystem::path directory_;
  Config config_;
};

// Wherever the conf file names a language, there must be one.
TEST_F(ConfigCheckTest, ALanguageThatNothingIsWrittenInIsRefused) {
  House& house = config_.house;
  const auto error_with = [this, &house](std::string House::*key, const std::string& language) {
    house = House();
    house.*key = language;
    return error();
  };
  const Catalogue catalogue = Catalogue::load();
  for (const char* const language : {"tlh", "xx", "qaa"}) {
    const std::string rest = fmt::format(": there are no notices in \"{}\"; the languages are {}",
                                         language, fmt::join(catalogue.languages(), ", "));
    EXPECT_THAT(error_with(&House::language, language), StartsWith("notice.language" + rest));
    EXPECT_THAT(error_with(&House::second_language, language),
                StartsWith("notice.second_language" + rest));
    house = House();
    house.languages = {{"example.org", "de"}, {"eva@example.org", language}};
    EXPECT_THAT(error(), StartsWith("notice.languages.\"eva@example.org\"" + rest));
  }
  for (const char* const language : {"de-AT", "pt", "pt-PT", "zh-CN", "zh-Hans-SG", "en-US"}) {
    EXPECT_NO_THROW(refuse_unknown_language("notice.language", language, catalogue)) << language;
  }
  EXPECT_EQ(error_with(&House::language, "de-AT"), "");
}

constexpr std::string_view kGood = R"([[rule]]
id = "own-retired"
cause = "recipient-disabled"
pattern = 'postbox went into retirement'
examples = ["550 5.7.0 Sorry, this postbox went into retirement"]
)";

TEST_F(ConfigCheckTest, AGoodRuleIsOk) {
  write(kGood);
  EXPECT_EQ(error(), "");
  const ConfigCheck found = check();
  EXPECT_THAT(found.warnings, IsEmpty());
  EXPECT_THAT(found.summary, ::testing::StartsWith("x.conf: ok\n"));
  EXPECT_THAT(found.summary,
              HasSubstr("\n  help: the postmaster of the mail server's own domain\n"));
  EXPECT_THAT(found.summary, HasSubstr("1 of your own, with 1 examples, in 1 files of " +
                                       directory_.string() + "\n"));
}

TEST_F(ConfigCheckTest, AnExampleThatItsRuleDoesNotMatchIsAnError) {
  write(std::string(kGood) + R"(
[[rule]]
id = "own-two"
cause = "mailbox-full"
pattern = 'bursting'
codes = [552]
examples = [
  "552 bursting",
  "550 bursting",
]
)");
  EXPECT_EQ(error(), directory_.string() +
                         "/own.toml:14: rule \"own-two\": its pattern and conditions don't match "
                         "this example");
}

TEST_F(ConfigCheckTest, ACounterExampleThatItsRuleMatchesIsAnError) {
  write(std::string(kGood) + "unless = 'sender'\ncounter_examples = [\n" +
        "  \"550 sender's postbox went into retirement\",\n" +
        "  \"550 postbox went into retirement, it is not full\",\n]\n");
  EXPECT_EQ(error(), directory_.string() +
                         "/own.toml:9: rule \"own-retired\": it matches this counter-example");
}

// The check of examples hears what the judge hears: not who passed a reply on, and to which
// command.
TEST_F(ConfigCheckTest, ARuleIsRightWhateverStandsAroundItsExamples) {
  for (const char* const example :
       {"550 5.7.0 Wibble declined",
        "host mx said: 550 5.7.0 Wibble declined (in reply to RCPT TO command)",
        "SMTP error from remote mail server after RCPT TO:<x@example.org>: host mx [192.0.2.1]: "
        "550 5.7.0 Wibble declined",
        ">>> RCPT TO:<x@example.org>\\n<<< 550 5.7.0 Wibble declined",
        "550-5.7.0 Wibble\\n550 5.7.0 declined"}) {
    write(
        "[[rule]]\nid = 'own-wibble'\ncause = 'policy-refused'\n"
        "pattern = '^550[ -]5\\.7\\.0 Wibble declined$'\nexamples = [\"" +
        std::string(example) + "\"]\n");
    EXPECT_EQ(error(), "") << example;
  }
}

TEST_F(ConfigCheckTest, AnExampleThatEndsInAnotherCauseIsAnError) {
  write(
      "[[rule]]\nid = 'own-x'\ncause = 'spam-suspected'\nstrength = 'hint'\npattern = 'xyzzy'\n"
      "examples = ['550 5.1.1 User unknown, xyzzy']\n");
  EXPECT_THAT(error(), HasSubstr("/own.toml:6: rule \"own-x\": this example ends in "
                                 "recipient-unknown, decided by rule:"));
  EXPECT_THAT(error(), EndsWith("; expected spam-suspected"));
}

TEST_F(ConfigCheckTest, EveryErrorIsTold) {
  write("[[rule]]\nid = 'a'\ncause = 'mailbox-full'\npattern = 'x'\nexamples = ['550 y', '550 z']");
  const std::string errors = error();
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1) << errors;
}

TEST_F(ConfigCheckTest, AnIdThatExistsIsAnError) {
  const Knowledge knowledge = Knowledge::load();
  const std::string id = knowledge.rules().rules().front().id;
  write("[[rule]]\nid = '" + id + "'\ncause = 'mailbox-full'\npattern = 'x'\nexamples = ['x']\n");
  EXPECT_THAT(error(), HasSubstr("own.toml:1: rule \"" + id + "\" stands in "));
}

TEST_F(ConfigCheckTest, AShadowedRuleIsWarnedOf) {
  write(std::string(kGood) + R"(
[[rule]]
id = "own-decisive"
cause = "recipient-disabled"
strength = "decisive"
pattern = 'into retirement'
examples = ["550 went into retirement"]
)");
  EXPECT_EQ(error(), "");
  EXPECT_EQ(warnings(), directory_.string() +
                            "/own.toml:1: warning: rule \"own-retired\": it decides none of its "
                            "examples: rule \"own-decisive\" always comes before it\n");
}

TEST_F(ConfigCheckTest, AHintThatNeverDecidesIsWarnedOf) {
  const std::string hint =
      "[[rule]]\nid = 'own-hint'\ncause = 'recipient-unknown'\nstrength = 'hint'\n"
      "pattern = '(?:xyzzy)'\nexamples = ['550 5.1.1 xyzzy']\n";
  write(hint);
  EXPECT_EQ(error(), "");
  EXPECT_EQ(warnings(), directory_.string() +
                            "/own.toml:1: warning: rule \"own-hint\": it decides none of its "
                            "examples: status:5.1.1 always comes before it (a hint gives way to "
                            "other rules and to codes)\n");
  std::string taking = hint;
  taking.replace(taking.find("(?:"), 3, "(?P<limit>");
  write(taking);
  EXPECT_THAT(warnings(), IsEmpty());
  std::string deciding = hint;
  deciding.replace(deciding.find("550 5.1.1"), 9, "550");
  write(deciding);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(ConfigCheckTest, AWordThatHidesAnotherIsWarnedOf) {
  write("[words]\nmailbox = 'xyzzy'\nown_word = 'x'\n" + std::string(kGood));
  EXPECT_THAT(warnings(), ::testing::MatchesRegex(
                              ".*/own.toml:2: warning: word \"mailbox\": it hides the one of "
                              "knowledge/rules/[a-z-]*.toml:[0-9]*, here and in the files after "
                              "this\n"));
  std::ofstream(directory_ / "second.toml") << "[words]\nown_word = 'y'\n";
  EXPECT_THAT(warnings(), HasSubstr("/second.toml:2: warning: word \"own_word\": it hides the one "
                                    "of " +
                                    directory_.string() + "/own.toml:3"));
  std::ofstream(directory_ / "second.toml") << "[words]\nown_word = 'x'\n";
  EXPECT_THAT(warnings(), Not(HasSubstr("own_word")));
}

TEST_F(ConfigCheckTest, AnIdWithAControlCharacterIsAnError) {
  for (const char* id : {"a\\u001Bb", "a\\nb", "a\\u007F", "a\\u009Bb"}) {
    write("\n[[rule]]\nid = \"" + std::string(id) +
          "\"\ncause = 'mailbox-full'\npattern = 'xyzzy'\nexamples = ['550 xyzzy']\n");
    EXPECT_EQ(error(), directory_.string() + "/own.toml:2: id: there is a control character in it")
        << id;
  }
  write(
      "[[rule]]\nid = \"a\\u00E4\"\ncause = 'mailbox-full'\npattern = 'xyzzy'\n"
      "examples = ['550 xyzzy']\n");
  EXPECT_EQ(error(), "");
}

TEST_F(ConfigCheckTest, ATwinIsWarnedOf) {
  std::string twin(kGood);
  twin.replace(twin.find("own-retired"), 11, "own-twin");
  write(std::string(kGood) + "\n" + twin);
  EXPECT_THAT(warnings(), HasSubstr("/own.toml:7: warning: rule \"own-twin\": it has the pattern "
                                    "and conditions of rule \"own-retired\" ("));
  twin.replace(twin.find("pattern"), 0, "codes = [550]\n");
  write(std::string(kGood) + "\n" + twin);
  EXPECT_THAT(warnings(), Not(HasSubstr("it has the pattern and conditions")));
}

TEST_F(ConfigCheckTest, APatternThatMatchesEverythingButNothingIsWarnedOf) {
  write("[[rule]]\nid = 'a'\ncause = 'mailbox-full'\npattern = '\\w+'\nexamples = ['550 xyzzy']");
  EXPECT_THAT(warnings(),
              HasSubstr("own.toml:1: warning: rule \"a\": it also matches replies of "));
}

TEST_F(ConfigCheckTest, ANameThatIsNoWordIsWarnedOf) {
  write(
      "[[rule]]\nid = 'a'\ncause = 'mailbox-full'\npattern = '{Mailbox} xyzzy|\\p{Greek}zzyx'\n"
      "examples = ['550 {Mailbox} xyzzy']");
  EXPECT_THAT(warnings(), HasSubstr("rule \"a\": pattern: {Mailbox} is no word"));
  EXPECT_THAT(warnings(), Not(HasSubstr("Greek")));
}

TEST_F(ConfigCheckTest, AGoodPhraseIsCounted) {
  write(
      "[[phrase]]\npurpose = 'returned'\nphrase = 'here is your letter again'\n"
      "example = '*** Here is your letter again ***'");
  EXPECT_THAT(check().summary,
              HasSubstr("0 of your own, with 0 examples, and 1 phrases, in 1 files"));
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(ConfigCheckTest, AnExampleWithoutItsPhraseIsAnError) {
  write("\n[[phrase]]\npurpose = 'returned'\nphrase = 'your letter'\nexample = 'letter'");
  EXPECT_THAT(error(),
              EndsWith("own.toml:2: phrase \"your letter\": it doesn't stand in its example"));
}

TEST_F(ConfigCheckTest, APhraseThatAddsNothingIsWarnedOf) {
  write(
      "[[phrase]]\npurpose = 'failure'\nphrase = 'delivery of your mail failed'\n"
      "example = 'Delivery of your mail failed'");
  EXPECT_THAT(warnings(), HasSubstr("own.toml:1: warning: phrase \"delivery of your mail failed\": "
                                    "\"deliver\" (knowledge/stock-phrases.tsv:"));
}

TEST_F(ConfigCheckTest, ADirectoryThatIsNotThereIsAnError) {
  config_.rules_directory = directory_ / "none";
  EXPECT_THAT(error(), HasSubstr("none: No such file or directory"));
}

}  // namespace
}  // namespace plainbounce

// The learned model beside rules and codes: who has the last word, and how sure that is.
#include "lib/diagnosis/second_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "lib/base/data_error.h"
#include "lib/diagnosis/diagnose.h"

namespace plainbounce {
namespace {

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

Verdict judged(std::string_view text, const Knowledge& with = knowledge()) {
  const Hearing hearing = hear_pasted(text);
  return judge(hearing, provider_of(hearing, "", with), with);
}

// A model that knows one word.
CauseModel one_word(std::string_view word, Cause cause, float weight) {
  CauseModel::Parameters parameters;
  parameters.unit = weight / 100;
  parameters.calibration.certain = 0.95F;
  parameters.calibration.likely = 0.6F;
  parameters.bias.fill(-8);
  parameters.features = {feature_of(word)};
  parameters.weights = {{{static_cast<std::uint8_t>(cause), 100}}};
  return CauseModel(parameters);
}

TEST(SecondReaderTest, BothFormsOfTheFeaturesAreTheSame) {
  for (const char* const text :
       {"550 5.1.1 <a@example.com>: no such user", "", "421", "Postfach voll, bitte später",
        "552 mailbox_full NoMxHostFoundException https://example.com/full"}) {
    const Hearing hearing = hear_pasted(text);
    const Verdict by_rules = judge_by_rules(hearing, "gmail", knowledge());
    for (const Verdict* const verdict : {&by_rules, static_cast<const Verdict*>(nullptr)}) {
      std::map<Feature, float> named;
      for (const NamedFeature& feature : named_features(hearing, "gmail", verdict)) {
        named[feature_of(feature.name)] = feature.value;
      }
      std::map<Feature, float> hashed;
      for (const auto& [feature, value] : weighted_features(hearing, "gmail", verdict)) {
        hashed[feature] = value;
      }
      EXPECT_EQ(named, hashed) << text;
    }
  }
}

TEST(SecondReaderTest, WordsAreReadInEveryForm) {
  const auto names =
      reply_feature_names("552 mailbox_full NoSuchUserException http://a.example/x", Reply{});
  for (const char* const name : {"mailbox full", "no", "such user", "_url_", "~<fu", "~full"}) {
    EXPECT_THAT(names, ::testing::Contains(name));
  }
}

TEST(SecondReaderTest, TheModelReadsWhatNoRuleKnows) {
  Knowledge own = Knowledge::load();
  own.set_cause_model(one_word("wibbled", Cause::kMailboxFull, 40));
  const Verdict verdict = judged("550 wibbled", own);
  EXPECT_EQ(verdict.cause, Cause::kMailboxFull);
  EXPECT_EQ(verdict.evidence, model_evidence());
  EXPECT_EQ(verdict.confidence, Confidence::kCertain);
}

TEST(SecondReaderTest, WhatItFindsImprobableIsUnsure) {
  Knowledge own = Knowledge::load();
  own.set_cause_model(one_word("wibbled", Cause::kMailboxFull, 4));
  EXPECT_EQ(judged("550 wibbled", own).confidence, Confidence::kUnsure);
}

TEST(SecondReaderTest, WordsThatSayNothingDoNotUndoWhatACodeProves) {
  const Verdict verdict = judged("550 5.1.1 xyzzy");
  EXPECT_EQ(verdict.cause, Cause::kRecipientUnknown);
  EXPECT_EQ(verdict.evidence.kind, Evidence::Kind::kStatus);
}

TEST(SecondReaderTest, WhereThereAreNoWordsCodesDecide) {
  EXPECT_EQ(judged("550 5.1.1").evidence.kind, Evidence::Kind::kStatus);
  EXPECT_EQ(judged("550 5.1.1").probability, 0);
}

// What a delivery program printed stands beside its exit status: Sendmail's "X-Unix; 69".
TEST(SecondReaderTest, TheFirstTextThatHasWordsIsRead) {
  const std::vector<Reply> replies = {parse_reply("69"),
                                      parse_reply("mailbox full: quota exceeded")};
  const Verdict verdict = judge(hear(replies, {}), "", knowledge());
  EXPECT_EQ(verdict.cause, Cause::kMailboxFull);
  EXPECT_NE(verdict.confidence, Confidence::kUnsure);
}

TEST(SecondReaderTest, TheAdministratorsRulesHaveTheLastWord) {
  const auto directory = std::filesystem::path(testing::TempDir()) /
                         ("second_reader_test." + std::to_string(getpid()));
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "own.toml") << R"([[rule]]
id = "own"
cause = "list-failure"
pattern = 'no such wibble'
examples = ["550 no such wibble"]
)";
  const Knowledge own = Knowledge::load(directory);
  std::filesystem::remove_all(directory);
  EXPECT_EQ(judged("550 no such wibble", own).cause, Cause::kListFailure);
  EXPECT_EQ(judged("550 5.1.1 no such user there", own).cause, Cause::kRecipientUnknown);
}

// Rules are tried among themselves in rules_test; together with the model they are no worse.
TEST(SecondReaderTest, TheExamplesOfRulesKeepTheirCauses) {
  int examples = 0;
  int others = 0;
  for (const Rule& rule : knowledge().rules().rules()) {
    for (const RuleExample& example : rule.examples) {
      const RecipientDiagnosis found = diagnose_text(example.text, example.host, knowledge());
      ++examples;
      others += found.cause == rule.cause ? 0 : 1;
    }
  }
  EXPECT_GT(examples, 1000);
  EXPECT_LE(others, examples / 100);
}

TEST(CauseModelTest, ComesBackAsItWasWritten) {
  CauseModel::Parameters parameters;
  parameters.unit = 0.5F;
  parameters.calibration.certain = 0.9F;
  parameters.calibration.likely = 0.7F;
  parameters.bias.fill(-3);
  parameters.features = {7, feature_of("full")};
  parameters.weights = {{}, {{static_cast<std::uint8_t>(Cause::kMailboxFull), 5}}};
  const std::string bytes = CauseModel::to_bytes(parameters);
  const CauseModel model = CauseModel::parse("x", bytes);
  EXPECT_FLOAT_EQ(model.weight(feature_of("full"), Cause::kMailboxFull), 2.5F);
  EXPECT_FLOAT_EQ(model.weight(feature_of("full"), Cause::kRecipientUnknown), 0);
  EXPECT_FLOAT_EQ(model.weight(7, Cause::kMailboxFull), 0);
  EXPECT_FLOAT_EQ(model.calibration().certain, 0.9F);
  EXPECT_FLOAT_EQ(model.calibration().likely, 0.7F);
  float sum = 0;
  for (const float probability : model.probabilities({})) sum += probability;
  EXPECT_NEAR(sum, 1, 1e-5);
}

// One that was made before a cause was added.
TEST(CauseModelTest, ACauseThatItDoesNotKnowIsNeverNamed) {
  std::string bytes = CauseModel::to_bytes({});
  const std::string_view first = id_of(static_cast<Cause>(0));
  const std::string name = std::string(1, static_cast<char>(first.size())) + std::string(first);
  const std::size_t causes = bytes.find(name) - 1;  // how many there are
  bytes[causes] = static_cast<char>(bytes[causes] - 1);
  bytes.erase(causes + 1, name.size() + sizeof(float));
  const CauseProbabilities probabilities = CauseModel::parse("x", bytes).probabilities({});
  EXPECT_EQ(probabilities[0], 0);
  EXPECT_GT(probabilities[1], 0);
}

TEST(CauseModelTest, WhatIsNoModelIsRefused) {
  CauseModel::Parameters parameters;
  parameters.features = {7};
  parameters.weights = {{{0, 5}}};
  const std::string bytes = CauseModel::to_bytes(parameters);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THROW(CauseModel::parse("x", bytes.substr(0, length)), DataError) << length;
  }
  EXPECT_THROW(CauseModel::parse("x", bytes + "x"), DataError);
  std::string other = bytes;
  other[other.find("mailbox-full")] = 'n';
  EXPECT_THROW(CauseModel::parse("x", other), DataError);
}

}  // namespace
}  // namespace plainbounce

#include "lib/explain/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "lib/diagnosis/diagnose.h"
#include "lib/explain/explain_code.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;

class ExplainTest : public testing::Test {
 protected:
  static Explanation explained(std::string_view text, std::string_view host = "") {
    static const Knowledge kKnowledge = Knowledge::load();
    static const Catalogue kWording = Catalogue::load();
    return explain(diagnose_text(text, host, kKnowledge), kKnowledge, kWording, "en");
  }

  // What `plainbounce codes` says.
  static std::string looked_up(std::string_view code) {
    static const Knowledge kKnowledge = Knowledge::load();
    static const Catalogue kWording = Catalogue::load();
    const auto pattern = CodePattern::parse(code);
    EXPECT_TRUE(pattern) << code;
    const CodeRows rows = pattern ? pattern->find(kKnowledge.codes()) : CodeRows();
    return explain_code(code, rows, kKnowledge, kWording, "en");
  }

  static std::string unwrapped(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }
};

// The codes in the first column of a reference table; empty: the table isn't there.
std::vector<std::string> reference_codes(const char* file) {
  std::vector<std::string> codes;
  std::ifstream in(std::filesystem::path(PLAINBOUNCE_SHARED_DIR) / "reference" / file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) codes.push_back(line.substr(0, line.find('\t')));
  return codes;
}

constexpr const char* kNoMeaning = "no standard and no known server";

TEST_F(ExplainTest, EveryReplyCodeOfTheTableIsExplained) {
  const Knowledge knowledge = Knowledge::load();
  ASSERT_GT(knowledge.codes().reply_codes().size(), 90U);
  for (const auto& [code, row] : knowledge.codes().reply_codes()) {
    const Explanation explanation = explained(std::to_string(code));
    EXPECT_THAT(explanation.text, HasSubstr(row.meaning.substr(0, 20))) << code;
    EXPECT_GT(row.explanation.size(), 30U) << code;
    const ReplyNature expected = row.kind == ReplyKind::kClient         ? ReplyNature::kClient
                                 : row.kind == ReplyKind::kSuccess      ? ReplyNature::kSuccess
                                 : row.kind == ReplyKind::kIntermediate ? ReplyNature::kIntermediate
                                                                        : ReplyNature::kFailure;
    EXPECT_EQ(explanation.nature, expected) << code;
  }
}

TEST_F(ExplainTest, EveryEnhancedCodeOfTheTableIsExplained) {
  const Knowledge knowledge = Knowledge::load();
  ASSERT_GT(knowledge.codes().status_codes().size(), 250U);
  for (const StatusCodeEntry& row : knowledge.codes().status_codes()) {
    const int status_class = row.status_class == 0 ? 5 : row.status_class;
    const EnhancedStatus status{status_class, row.subject, row.detail};
    EXPECT_THAT(explained(to_string(status)).text, Not(HasSubstr(kNoMeaning))) << row.code();
    EXPECT_GT(row.explanation.size(), 30U) << row.code();
  }
}

TEST_F(ExplainTest, EveryCodeOfTheReferenceTablesIsExplained) {
  std::vector<std::string> codes = reference_codes("reply-codes.tsv");
  for (std::string code : reference_codes("enhanced-status-codes.tsv")) {
    std::smatch match;
    static const std::regex kCode("[X245]\\.\\d+\\.\\d+");
    if (!std::regex_search(code, match, kCode)) continue;
    code = match.str();
    if (code.front() == 'X') code.front() = '5';
    codes.push_back(code);
  }
  if (codes.empty()) GTEST_SKIP() << "the reference tables aren't beside the project";
  ASSERT_GT(codes.size(), 300U);
  for (const std::string& code : codes) {
    const Explanation explanation = explained(code);
    EXPECT_THAT(explanation.text, Not(HasSubstr(kNoMeaning))) << code;
    EXPECT_GT(explanation.text.size(), 80U) << code;
  }
}

// Every three-digit and dotted code that a seed names where codes stand: at the start of a line or
// bullet, or after "SMTP", "error", "code" and the like.
std::set<std::string> seed_codes() {
  std::set<std::string> codes;
  static const std::regex kPlace(
      "(?:^|\\n|\\[|[Ee]rror |SMTP |[Cc]ode |[Rr]eply |[Ss]tatus )[ *#•-]*"
      "([1-5][0-9]{2}|[245]\\.[0-9]{1,2}\\.[0-9]{1,3})(?![0-9.,/])");
  std::error_code error;
  const auto seeds = std::filesystem::path(PLAINBOUNCE_SHARED_DIR) / "seeds";
  for (const auto& entry : std::filesystem::directory_iterator(seeds, error)) {
    std::ifstream in(entry.path());
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    for (std::sregex_iterator it(text.begin(), text.end(), kPlace), end; it != end; ++it) {
      codes.insert((*it)[1].str());
    }
  }
  return codes;
}

TEST_F(ExplainTest, EveryCodeOfTheSeedsIsExplained) {
  const std::set<std::string> codes = seed_codes();
  if (codes.empty()) GTEST_SKIP() << "the seeds aren't beside the project";
  ASSERT_GT(codes.size(), 100U);
  for (const std::string& code : codes) {
    EXPECT_THAT(explained(code).text, Not(HasSubstr(kNoMeaning))) << code;
    EXPECT_THAT(looked_up(code), Not(HasSubstr(kNoMeaning))) << code;
    EXPECT_GT(looked_up(code).size(), 80U) << code;
  }
}

TEST_F(ExplainTest, EveryRowIsLookedUpWithSourceAndCause) {
  const Knowledge knowledge = Knowledge::load();
  for (const auto& [code, row] : knowledge.codes().reply_codes()) {
    const std::string text = looked_up(std::to_string(code));
    EXPECT_THAT(text, HasSubstr("(" + row.standard + ")")) << code;
    EXPECT_THAT(text, HasSubstr("It s")) << code;
    const bool telling = row.cause && row.cause != Cause::kUnexplained;
    const std::string_view cause = telling ? id_of(*row.cause) : "nothing about the reason";
    EXPECT_THAT(unwrapped(text), HasSubstr(std::string(cause))) << code;
  }
  for (const StatusCodeEntry& row : knowledge.codes().status_codes()) {
    const std::string text = unwrapped(looked_up(row.code()));
    EXPECT_THAT(text, HasSubstr(row.explanation)) << row.code();
    const Provider* const provider = knowledge.providers().by_id(row.provider);
    EXPECT_THAT(text, HasSubstr(provider == nullptr ? row.standard : provider->name)) << row.code();
  }
}

TEST_F(ExplainTest, ReliabilityIsSaid) {
  EXPECT_THAT(looked_up("5.2.2"), HasSubstr("It suggests mailbox-full, and can be relied on."));
  EXPECT_THAT(unwrapped(looked_up("554")), HasSubstr("It suggests policy-refused at most"));
  EXPECT_THAT(looked_up("5.0.0"), HasSubstr("It says nothing about the reason"));
  EXPECT_THAT(unwrapped(looked_up("4.1.1")),
              HasSubstr("As a temporary code (class 4) it suggests recipient-unavailable."));
  EXPECT_THAT(looked_up("5.2.2"), HasSubstr("Related codes: "));
  EXPECT_THAT(looked_up("599"), HasSubstr(kNoMeaning));
}

TEST_F(ExplainTest, TheListHasAlignedColumns) {
  const Knowledge knowledge = Knowledge::load();
  const std::string list = list_codes(all_rows(knowledge.codes()), knowledge);
  std::istringstream lines(list);
  std::string line;
  std::getline(lines, line);
  const std::size_t meaning = line.find_first_not_of(' ', line.find("  "));
  std::size_t count = 1;
  for (; std::getline(lines, line); ++count) {
    EXPECT_THAT(line.substr(meaning - 2, 2), "  ") << line;
    EXPECT_NE(line[meaning], ' ') << line;
  }
  EXPECT_EQ(count,
            knowledge.codes().reply_codes().size() + knowledge.codes().status_codes().size());
  EXPECT_THAT(list, HasSubstr("\n550  "));
  EXPECT_THAT(list, HasSubstr("  Google (Gmail): "));
}

TEST_F(ExplainTest, SuccessesAndClientErrorsAreNoFailures) {
  EXPECT_EQ(explained("250 2.0.0 Ok: queued as 4ABC").nature, ReplyNature::kSuccess);
  EXPECT_EQ(explained("354 End data with <CR><LF>.<CR><LF>").nature, ReplyNature::kIntermediate);
  EXPECT_EQ(explained("101").nature, ReplyNature::kClient);
  EXPECT_EQ(explained("111").nature, ReplyNature::kClient);
  EXPECT_EQ(explained("421").nature, ReplyNature::kFailure);
  EXPECT_EQ(explained("2.1.5").nature, ReplyNature::kSuccess);
  EXPECT_THAT(explained("250").text, Not(HasSubstr("What you can do")));
  EXPECT_THAT(explained("550 5.1.1").text, HasSubstr("What you can do"));
}

TEST_F(ExplainTest, ACodeWithoutMeaningIsCalledSo) {
  EXPECT_THAT(explained("599").text, HasSubstr(kNoMeaning));
  EXPECT_THAT(explained("5.6.99").text, HasSubstr(kNoMeaning));
}

TEST_F(ExplainTest, WhatOnlyLooksLikeACodeIsCalledSoWithTheNearest) {
  const std::vector<std::pair<const char*, const char*>> codes = {
      {"5..1.1", "5.1.1"}, {"5.1.1.1", "5.1.1"}, {"5.1", "5.1.0"},   {"5,7,26", "5.7.26"},
      {"5 1 1", "5.1.1"},  {"6.1.1", "5.1.1"},   {"55", "550"},      {"5.7.99999", "5.7.0"},
      {"5.1.x", "5.1.0"},  {"5", "5.0.0"},       {"4.999", "4.0.0"}, {"X.1.1", "5.1.1"}};
  for (const auto& [text, nearest] : codes) {
    const Explanation explanation = explained(text);
    EXPECT_EQ(explanation.nature, ReplyNature::kNoCode) << text;
    EXPECT_THAT(explanation.text, HasSubstr("no such code")) << text;
    EXPECT_THAT(explanation.text,
                HasSubstr("nearest code is " + std::string(nearest) + ":\n\n" + nearest + " (RFC"))
        << text;
    EXPECT_THAT(explanation.text, Not(HasSubstr("What happened"))) << text;
  }
}

TEST_F(ExplainTest, WhatNoCodeIsNearToIsOnlyCalledSo) {
  for (const char* text : {"999", "0", "1234", "192.0.2.1", "2026-11-22"}) {
    const Explanation explanation = explained(text);
    EXPECT_EQ(explanation.nature, ReplyNature::kNoCode) << text;
    EXPECT_THAT(explanation.text, Not(HasSubstr("nearest"))) << text;
    EXPECT_THAT(explanation.text, Not(HasSubstr("What happened"))) << text;
  }
  EXPECT_EQ(explained("550 5.1").nature, ReplyNature::kFailure);
  EXPECT_EQ(explained("599").nature, ReplyNature::kFailure);
  EXPECT_EQ(explained("no code at all").nature, ReplyNature::kFailure);
}

TEST_F(ExplainTest, LookingUpWhatIsNoCodeNamesTheNearest) {
  const Knowledge knowledge = Knowledge::load();
  const Catalogue catalogue = Catalogue::load();
  EXPECT_THAT(explain_code("5..1.1", {}, knowledge, catalogue, "en"), HasSubstr("code is 5.1.1:"));
  EXPECT_THAT(looked_up("5.6.99"), HasSubstr("nearest code is 5.6.0:"));
  EXPECT_THAT(looked_up("5.6.99"), HasSubstr(kNoMeaning));
}

TEST_F(ExplainTest, AReplyCodeWrittenWithDotsIsTakenForIt) {
  EXPECT_THAT(explained("5.0.3").text, HasSubstr("503"));
  EXPECT_THAT(explained("5.1.1").text, Not(HasSubstr("511")));
}

TEST_F(ExplainTest, TheProvidersMeaningIsTold) {
  EXPECT_THAT(explained("5.7.26").text, HasSubstr("Gmail"));
  EXPECT_THAT(explained("550 5.4.1 Access denied", "x.mail.protection.outlook.com").text,
              HasSubstr("Microsoft 365"));
}

TEST_F(ExplainTest, AnyBytesAreExplained) {
  for (const std::string& text : {std::string(), std::string("\0\xFF\x80", 3),
                                  std::string("{0} {{x}} <script>"), std::string(2 << 20, 'x')}) {
    EXPECT_FALSE(explained(text).text.empty());
  }
}

}  // namespace
}  // namespace plainbounce

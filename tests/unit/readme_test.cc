// What the README shows is what the programs do and what the tests prove.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "lib/diagnosis/diagnose.h"
#include "lib/notice/write.h"
#include "lib/report/read.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;

std::string file(const std::filesystem::path& name) {
  std::ifstream in(std::filesystem::path(PLAINBOUNCE_SOURCE_DIR) / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// As the README quotes it: each line that isn't empty starts with four blanks.
std::string indented(const std::string& text) {
  std::string out;
  bool at_line_start = true;
  for (const char c : text) {
    if (at_line_start && c != '\n') out += "    ";
    out += c;
    at_line_start = c == '\n';
  }
  return out;
}

struct Shown {
  const char* sample;
  const char* language;
  const char* after;  // the heading of the first part that isn't shown
};

TEST(ReadmeTest, TheNoticesAreWhatComesOut) {
  const Knowledge knowledge = Knowledge::load();
  const Wording wording = Wording::load();
  const std::string readme = file("README.md");
  for (const Shown& shown :
       {Shown{"postfix-mailbox-full", "en", "\nFor your mail administrator"},
        Shown{"postfix-message-too-large-gmail", "en", "\nFor your mail administrator"},
        Shown{"postfix-server-unreachable-delayed", "fr", "\nPour votre équipe"}}) {
    const Report report =
        read_report(file("tests/samples/" + std::string(shown.sample) + "/message.eml"));
    House house;
    house.language = shown.language;
    const Notice notice =
        write_notice(report, diagnose(report, knowledge), knowledge, wording, house);
    const std::size_t end = notice.text.find(shown.after);
    ASSERT_NE(end, std::string::npos) << notice.text;
    EXPECT_THAT(readme, HasSubstr(indented(notice.text.substr(0, end))));
    EXPECT_THAT(readme, HasSubstr("After. Subject: " + notice.subject));
    EXPECT_THAT(readme, HasSubstr(indented(report.notification.text)));
    EXPECT_THAT(readme, HasSubstr("Subject: " + report.subject));
  }
}

TEST(ReadmeTest, TheLinesForPostfixAreTheOnesInConf) {
  const std::string lines = file("conf/postfix/dsn-only.master.cf");
  const std::size_t begin = lines.find("\nbounce ") + 1;
  ASSERT_GT(begin, 1U);
  EXPECT_THAT(file("README.md"), HasSubstr(lines.substr(begin)));
}

}  // namespace
}  // namespace plainbounce

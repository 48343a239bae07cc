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

TEST(ReadmeTest, TheNoticeIsWhatComesOut) {
  const Report report = read_report(file("tests/samples/postfix-mailbox-full/message.eml"));
  const Knowledge knowledge = Knowledge::load();
  const Notice notice =
      write_notice(report, diagnose(report, knowledge), knowledge, Wording::load(), House());
  const std::string shown =
      notice.text.substr(0, notice.text.find("\nFor your mail administrator"));
  ASSERT_LT(shown.size(), notice.text.size());
  const std::string readme = file("README.md");
  EXPECT_THAT(readme, HasSubstr(indented(shown)));
  EXPECT_THAT(readme, HasSubstr("Subject: " + notice.subject));
}

TEST(ReadmeTest, TheLinesForPostfixAreTheOnesInConf) {
  const std::string lines = file("conf/postfix/dsn-only.master.cf");
  const std::size_t begin = lines.find("\nbounce ") + 1;
  ASSERT_GT(begin, 1U);
  EXPECT_THAT(file("README.md"), HasSubstr(lines.substr(begin)));
}

}  // namespace
}  // namespace plainbounce

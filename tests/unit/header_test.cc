#include "lib/mail/header.h"

#include <gtest/gtest.h>

#include <string>

namespace plainbounce {
namespace {

TEST(Header, FieldsKeepTheirOrderAndFolding) {
  const Header header = read_header("A: 1\nB:\n\t2\nA: 3\n\nbody: 4\n");
  ASSERT_EQ(header.fields.size(), 3U);
  EXPECT_EQ(header.fields[1].name, "B");
  EXPECT_EQ(header.fields[1].value, "\n\t2");
  EXPECT_EQ(header.value("a"), " 1");
  EXPECT_EQ(header.count("a"), 2U);
  EXPECT_EQ(header.length, 17U);
  EXPECT_FALSE(header.broken);
}

TEST(Header, CrlfEndsAtItsEmptyLine) {
  const Header header = read_header("A: 1\r\nB: 2\r\n\r\nbody");
  ASSERT_EQ(header.fields.size(), 2U);
  EXPECT_EQ(header.fields[0].value, " 1");
  EXPECT_EQ(header.length, 14U);
}

TEST(Header, EmptyFirstLineMeansNoFields) {
  const Header header = read_header("\nA: 1\n");
  EXPECT_TRUE(header.fields.empty());
  EXPECT_EQ(header.length, 1U);
}

TEST(Header, LineWithoutColonEndsItAndIsContent) {
  const Header header = read_header("A: 1\nnot a field\nB: 2\n");
  EXPECT_EQ(header.fields.size(), 1U);
  EXPECT_EQ(header.length, 5U);
  EXPECT_TRUE(header.broken);
}

TEST(Header, MboxLinesAreSkipped) {
  const Header header = read_header("From a@b Mon\n>From c\nA: 1\n\n");
  EXPECT_EQ(header.fields.size(), 1U);
  EXPECT_FALSE(header.broken);
}

TEST(Header, ParameterWithoutIndentationContinuesTheField) {
  const Header header = read_header("Content-Type: multipart/mixed;\nboundary=\"b\"\nA: 1\n\n");
  ASSERT_EQ(header.fields.size(), 2U);
  EXPECT_EQ(header.value("Content-Type"), " multipart/mixed;\nboundary=\"b\"");
  EXPECT_TRUE(header.broken);
}

TEST(Header, BlanksBeforeTheColonAreNoPartOfTheName) {
  EXPECT_EQ(read_header("A : 1\n").value("A"), " 1");
}

TEST(Header, ControlCharactersMakeNoName) {
  EXPECT_TRUE(read_header("A\tB: 1\n").fields.empty());
  EXPECT_TRUE(read_header(": 1\n").fields.empty());
}

TEST(Header, MoreFieldsThanTheLimitAreLeftOut) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxHeaderFields; ++i) text += "A: 1\n";
  const Header header = read_header(text);
  EXPECT_EQ(header.fields.size(), kMaxHeaderFields);
  EXPECT_TRUE(header.too_long);
  EXPECT_EQ(header.length, text.size());
}

}  // namespace
}  // namespace plainbounce

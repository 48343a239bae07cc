#include "lib/mail/entity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Entity, MissingTypeIsPlainText) {
  EXPECT_EQ(read_entity("\nhello").type.name, "text/plain");
  EXPECT_EQ(read_entity("\nhello").content, "hello");
}

TEST(Entity, ContentIsDecodedToLfLines) {
  const Entity entity = read_entity(
      "Content-Type: text/plain; charset=iso-8859-1\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=\r\n=DF\r\ne\r\n");
  EXPECT_EQ(decode_content(entity, 1000), "Grüß\ne\n");
}

TEST(SplitMultipart, PartsEndBeforeTheDelimitersLineEnd) {
  const PartList list =
      split_multipart("preamble\n--b\nA: 1\n\none\n\n--b\n\ntwo\n--b--\nepi\n", "b");
  EXPECT_THAT(list.parts, ElementsAre("A: 1\n\none\n", "\ntwo"));
  EXPECT_TRUE(list.closed);
}

TEST(SplitMultipart, CrlfBelongsToTheDelimiter) {
  EXPECT_THAT(split_multipart("--b\r\n\r\none\r\n--b--\r\n", "b").parts, ElementsAre("\r\none"));
}

TEST(SplitMultipart, LongerBoundaryIsAnotherOne) {
  EXPECT_THAT(split_multipart("--b\n1\n--bb\n2\n--b1--\n3\n--b--", "b").parts,
              ElementsAre("1\n--bb\n2\n--b1--\n3"));
}

TEST(SplitMultipart, DelimiterStandsAtTheStartOfALine) {
  EXPECT_THAT(split_multipart("--b\nx --b\n --b\n--b--", "b").parts, ElementsAre("x --b\n --b"));
}

TEST(SplitMultipart, BlanksAfterTheBoundaryAreAllowed) {
  EXPECT_THAT(split_multipart("--b \t\none\n--b-- \n", "b").parts, ElementsAre("one"));
}

TEST(SplitMultipart, CutOffPartReachesTheEnd) {
  const PartList list = split_multipart("--b\none\n--b\ntwo\n", "b");
  EXPECT_THAT(list.parts, ElementsAre("one", "two\n"));
  EXPECT_FALSE(list.closed);
}

TEST(SplitMultipart, EmptyPartHasNoBytes) {
  EXPECT_THAT(split_multipart("--b\n--b\n\n--b--", "b").parts, ElementsAre("", ""));
}

TEST(SplitMultipart, WithoutDelimiterThereAreNoParts) {
  EXPECT_THAT(split_multipart("text\n--c\n", "b").parts, IsEmpty());
  EXPECT_THAT(split_multipart("--\n--\n", "").parts, IsEmpty());
  EXPECT_THAT(split_multipart("--b--\n--b\nx\n--b--\n", "b").parts, IsEmpty());
}

TEST(SplitMultipart, PartsBeyondTheLimitAreLeftOut) {
  std::string content;
  for (std::size_t i = 0; i < kMaxParts + 5; ++i) content += "--b\nx\n";
  const PartList list = split_multipart(content, "b");
  EXPECT_EQ(list.parts.size(), kMaxParts);
  EXPECT_TRUE(list.too_many);
  EXPECT_TRUE(list.closed);
}

}  // namespace
}  // namespace plainbounce

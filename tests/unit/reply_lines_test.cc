#include "cli/reply_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace plainbounce {
namespace {

using Replies = std::vector<std::pair<std::string, std::string>>;

Replies read(std::string_view input, std::string_view host = "") {
  Replies replies;
  for (const RuleExample& reply : read_replies(input, host)) {
    replies.emplace_back(reply.text, reply.host);
  }
  return replies;
}

TEST(ReplyLines, EachLineIsAReply) {
  EXPECT_EQ(read("550 one\r\n\n  451 two\tmx.example.net\n", "mx.example.org"),
            (Replies{{"550 one", "mx.example.org"}, {"451 two", "mx.example.net"}}));
  EXPECT_TRUE(read("").empty());
}

TEST(ReplyLines, TheLinesOfOneReplyAreOneReply) {
  EXPECT_EQ(read("550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n550 other\n"),
            (Replies{{"550-5.7.1 one 550-5.7.1 two 550 5.7.1 three", ""}, {"550 other", ""}}));
  EXPECT_EQ(read("550-one\n550\n"), (Replies{{"550-one 550", ""}}));
}

TEST(ReplyLines, OneOfItsLinesNamesTheHost) {
  EXPECT_EQ(read("550-one\n550 two\tmx.example.net\n", "mx.example.org"),
            (Replies{{"550-one 550 two", "mx.example.net"}}));
}

TEST(ReplyLines, AReplyEndsWhereAnotherCodeBegins) {
  EXPECT_EQ(read("550-one\n451 two\n550 three\n"),
            (Replies{{"550-one", ""}, {"451 two", ""}, {"550 three", ""}}));
  EXPECT_EQ(read("550-one\nno code\n550 three\n"),
            (Replies{{"550-one", ""}, {"no code", ""}, {"550 three", ""}}));
  EXPECT_EQ(read("550-one\n5501 two\n"), (Replies{{"550-one", ""}, {"5501 two", ""}}));
}

TEST(ReplyLines, OfALogOnlyUnmatchedRepliesAreTaken) {
  EXPECT_EQ(
      read("550 one\nx: unmatched: examples = [{ text = \"550 two\", host = \"mx\" }]\n", "y"),
      (Replies{{"550 two", "mx"}}));
}

}  // namespace
}  // namespace plainbounce

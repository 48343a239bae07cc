#include "lib/notice/links.h"

#include <gtest/gtest.h>

#include <string>

namespace plainbounce {
namespace {

TEST(LinksTest, WebAddressesAreLinks) {
  for (const char* url : {"https://help.example.edu/mail?topic=1&lang=en#top", "http://a",
                          "https://xn--bcher-kva.example/%C3%BC"}) {
    EXPECT_TRUE(may_be_link(url)) << url;
  }
  EXPECT_TRUE(may_be_link("http://" + std::string(493, 'a')));
}

TEST(LinksTest, NothingElseIsALink) {
  for (const char* url :
       {"", "https://", "http://", "HTTPS", "ftp://a", "javascript:alert(1)", " https://a",
        "https://a b", "https://a\"b", "https://a'b", "https://a<b", "https://a\\b", "https://a\n",
        "https://b\xC3\xBC"
        "cher.example",
        "https://{a}", "https://a|b"}) {
    EXPECT_FALSE(may_be_link(url)) << url;
  }
  EXPECT_FALSE(may_be_link("http://" + std::string(494, 'a')));
}

TEST(LinksTest, PlainAddressesMayBeMailto) {
  for (const char* address : {"help@example.com", "it-help+mail@sub.example.com", "a_b@c"}) {
    EXPECT_TRUE(may_be_mailto(address)) << address;
  }
}

TEST(LinksTest, NothingElseMayBeMailto) {
  for (const char* address : {"", "@", "help", "@example.com", "help@", "a@b@c", "a b@c",
                              "a@c?subject=x", "a%41@c", "<a@c>", "\"a\"@c",
                              "a@b\xC3\xBC"
                              "cher.example",
                              "a@c\n"}) {
    EXPECT_FALSE(may_be_mailto(address)) << address;
  }
  EXPECT_FALSE(may_be_mailto(std::string(254, 'a') + "@c"));
}

}  // namespace
}  // namespace plainbounce

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

TEST(LinksTest, APatternIsFilledInBehindItsHost) {
  const std::string_view pattern = "https://help.example.edu/{language}/mail?about={cause}#{cause}";
  EXPECT_TRUE(may_be_link_pattern(pattern));
  EXPECT_EQ(fill_link(pattern, "mailbox-full", "pt-BR"),
            "https://help.example.edu/pt-BR/mail?about=mailbox-full#mailbox-full");
  EXPECT_EQ(fill_link("https://a/{cause}", "a b/\u00FC&{language}", "de"),
            "https://a/a%20b%2F%C3%BC%26%7Blanguage%7D");
  EXPECT_EQ(fill_link("https://a/b", "mailbox-full", "de"), "https://a/b");
}

TEST(LinksTest, NothingElseIsAPattern) {
  for (const char* pattern :
       {"", "https://{cause}.example.edu/", "https://{cause}", "https://a:{cause}/", "{cause}",
        "https://a/{Cause}", "https://a/{reason}", "https://a/{", "https://a/{cause", "https://a/}",
        "https://a/{{cause}}", "javascript:{cause}", "https://a{language}?b"}) {
    EXPECT_FALSE(may_be_link_pattern(pattern)) << pattern;
  }
}

TEST(LinksTest, OneTelephoneNumberMayBeDialled) {
  EXPECT_EQ(phone_link("+49 (0)30 123-45"), "+493012345");
  EXPECT_EQ(phone_link(" +1 (555) 010.0 "), "+15550100");
  EXPECT_EQ(phone_link("2222"), "2222");
  for (const char* phone : {"", "12", "1234 or 1235", "030/123 / 124", "ext. 7", "+", "1234;ext=5",
                            "1+234", "1234567890123456", "\u0661\u0662\u0663\u0664"}) {
    EXPECT_EQ(phone_link(phone), "") << phone;
  }
}

}  // namespace
}  // namespace plainbounce

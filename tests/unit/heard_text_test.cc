#include "lib/reply/heard_text.h"

#include <gtest/gtest.h>

namespace plainbounce {
namespace {

TEST(HeardTextTest, CodesBetweenTheLinesOfAReplyGo) {
  EXPECT_EQ(join_reply_lines("550-5.7.1 This is not RFC 550-5.7.1 5322 compliant. See 550 5.7.1 "
                             "https://example.com/ 1 - gsmtp"),
            "550-5.7.1 This is not RFC 5322 compliant. See https://example.com/ 1 - gsmtp");
  EXPECT_EQ(join_reply_lines("550-no mailbox with this 550-name here. 550 5.1.1 User unknown"),
            "550-no mailbox with this name here. User unknown");
  EXPECT_EQ(join_reply_lines("550-a 550-b 550"), "550-a b");
}

TEST(HeardTextTest, OtherNumbersStay) {
  for (const char* const text :
       {"550 5.1.1 User unknown", "552 limit is 550 bytes", "host said: 450 4.2.0 later (in reply)",
        "550-a 551 b", "", "550", "550-"}) {
    EXPECT_EQ(join_reply_lines(text), text);
  }
}

TEST(HeardTextTest, LocalPartsAreMasked) {
  EXPECT_EQ(mask_local_parts("550 <no-such.user+tag@example.com>: unknown"),
            "550 <x@example.com>: unknown");
  EXPECT_EQ(mask_local_parts("spam@a.example, 'virus@b.example'"), "x@a.example, 'x@b.example'");
  EXPECT_EQ(mask_local_parts("missing @ sign, @example.com"), "missing @ sign, @example.com");
  EXPECT_EQ(mask_local_parts("@@a@"), "@@x@");
}

TEST(HeardTextTest, CommandsOfTheSendingServerGo) {
  EXPECT_EQ(drop_commands("550 Access denied (in reply to MAIL FROM command)"),
            "550 Access denied ");
  EXPECT_EQ(drop_commands(">>> MAIL From:<a@example.com> <<< 550 Rejected >>> DATA <<< 503 no"),
            "550 Rejected 503 no");
  EXPECT_EQ(drop_commands("host mx [192.0.2.1] SMTP error from remote mail server after EHLO me: "
                          "550 Rejected"),
            ": 550 Rejected");
  for (const char* const text : {"550 HELO refused", "(in reply to", ">>> QUIT", "after EHLO"}) {
    EXPECT_EQ(drop_commands(text), text);
  }
}

TEST(HeardTextTest, WhoSpeaksIsNoWording) {
  EXPECT_EQ(drop_commands("host mx[192.0.2.1] said: 550 no"), "550 no");
  EXPECT_EQ(drop_commands("delivery temporarily suspended: host mx[192.0.2.1] refused to talk to "
                          "me: 421 busy"),
            "421 busy");
  for (const char* const text :
       {"550 host mx said: no", "delivery temporarily suspended: connect to mx: refused",
        "host is down"}) {
    EXPECT_EQ(drop_commands(text), text);
  }
}

TEST(HeardTextTest, ManyOpenCommandsTakeLinearTime) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += ">>> ";
  EXPECT_EQ(drop_commands(text), text);
}

}  // namespace
}  // namespace plainbounce

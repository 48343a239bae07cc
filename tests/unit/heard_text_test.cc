#include "lib/reply/heard_text.h"

#include <gtest/gtest.h>

#include <string>

namespace plainbounce {
namespace {

std::string said(std::string_view text) { return HeardText(text).said(); }
std::string heard(std::string_view text) { return HeardText(text).text(); }

TEST(HeardTextTest, CodesBetweenTheLinesOfAReplyGo) {
  EXPECT_EQ(said("550-5.7.1 This is not RFC 550-5.7.1 5322 compliant. See 550 5.7.1 "
                 "https://example.com/ 1 - gsmtp"),
            "550-5.7.1 This is not RFC 5322 compliant. See https://example.com/ 1 - gsmtp");
  EXPECT_EQ(said("550-no mailbox with this 550-name here. 550 5.1.1 User unknown"),
            "550-no mailbox with this name here. User unknown");
  EXPECT_EQ(said("550-a 550-b 550"), "550-a b");
}

TEST(HeardTextTest, OtherNumbersStay) {
  for (const char* const text :
       {"550 5.1.1 User unknown", "552 limit is 550 bytes", "a host: 450 4.2.0 later (in reply)",
        "550-a 551 b", "", "550", "550-"}) {
    EXPECT_EQ(said(text), text);
  }
}

TEST(HeardTextTest, LocalPartsAreMasked) {
  EXPECT_EQ(heard("550 <no-such.user+tag@example.com>: unknown"), "550 <x@example.com>: unknown");
  EXPECT_EQ(heard("spam@a.example, 'virus@b.example'"), "x@a.example, 'x@b.example'");
  EXPECT_EQ(heard("missing @ sign, @example.com"), "missing @ sign, @example.com");
  EXPECT_EQ(heard("@@a@"), "@@x@");
}

TEST(HeardTextTest, TypographyIsAscii) {
  EXPECT_EQ(heard("550 L\u2019adresse \u201Canna\u201D n\u2019existe pas \u2013 d\u00E9sol\u00E9"),
            "550 L'adresse \"anna\" n'existe pas - d\u00E9sol\u00E9");
  EXPECT_EQ(heard("552 limite 20\u00A0MB"), "552 limite 20 MB");
  EXPECT_EQ(heard("550 \u201Eanna\u201C \u00AB\u00A0voll \u00BB \u22125"),
            "550 \"anna\" \" voll \" -5");
  EXPECT_EQ(heard("550 \uFF1C\u4E0D\u5B58\u5728\uFF1E\uFF1A\u3000no"),
            "550 <\u4E0D\u5B58\u5728>: no");
  const HeardText blanks("552 size: \u00A0 20 \u2009\u00A0MB");
  ASSERT_EQ(blanks.text(), "552 size: 20 MB");
  EXPECT_EQ(blanks.said_at(10, 2), "20");
  EXPECT_EQ(blanks.said_at(13, 2), "MB");
  const HeardText text("550 isn\u2019t anna@a.example\u2019s");
  ASSERT_EQ(text.text(), "550 isn't x@a.example's");
  EXPECT_EQ(text.said_at(4, 5), "isn\u2019t");
  EXPECT_EQ(text.said_at(10, 1), "anna");
  EXPECT_EQ(text.said_at(20, 3), "e\u2019s");
}

// As qmail writes its log.
TEST(HeardTextTest, JoinedWordsAreWords) {
  EXPECT_EQ(heard("Remote_host_said:_550_No_such_user/Giving_up_on_192.0.2.1./"),
            "550 No such user");
  EXPECT_EQ(heard("550_<a_b_spam@example.com>_unknown,_see_http://a.example/my_mail"),
            "550 <x@example.com> unknown, see http://a.example/my_mail");
  for (const char* const text :
       {"550 no such user_name in user_list or a_b",
        "550-blocked: see https://a.example/is_my_mail_spam", "user_name_of_x@example.com", "a_b",
        "550 5.7.1 <anna_maria_b_spam_test@example.com> unknown"}) {
    EXPECT_EQ(said(text), text);
  }
}

TEST(HeardTextTest, TheWayBackLeadsToWhatWasSaid) {
  const HeardText text(
      "host mx said: 551 anna.lind@a.example -> b@b.example, @c (in reply to DATA)");
  ASSERT_EQ(text.text(), "551 x@a.example -> x@b.example, @c");
  ASSERT_EQ(text.said(), "551 anna.lind@a.example -> b@b.example, @c");
  const auto back = [&](std::string_view part) {
    return text.said_at(text.text().find(part), part.size());
  };
  EXPECT_EQ(back("551 "), "551 ");
  EXPECT_EQ(back("x@a.example"), "anna.lind@a.example");
  EXPECT_EQ(back("@a.example"), "@a.example");
  EXPECT_EQ(back("x@a.example -> x"), "anna.lind@a.example -> b");
  EXPECT_EQ(back("x@b.example"), "b@b.example");
  EXPECT_EQ(back(", @c"), ", @c");
  EXPECT_EQ(text.said_at(0, text.text().size()), text.said());
  EXPECT_EQ(text.said_at(text.text().size(), 0), "");
}

TEST(HeardTextTest, CommandsOfTheSendingServerGo) {
  EXPECT_EQ(said("550 Access denied (in reply to MAIL FROM command)"), "550 Access denied");
  EXPECT_EQ(said("550 Access (in reply to MAIL FROM command) denied"), "550 Access denied");
  EXPECT_EQ(said(">>> MAIL From:<a@example.com> <<< 550 Rejected >>> DATA <<< 503 no"),
            "550 Rejected 503 no");
  EXPECT_EQ(said("a@b.example: SMTP error from remote mail server after EHLO me: 550 Rejected"),
            "550 Rejected");
  for (const char* const text : {"550 HELO refused", "(in reply to", ">>> QUIT", "after EHLO"}) {
    EXPECT_EQ(said(text), text);
  }
}

TEST(HeardTextTest, WhoSpeaksIsNoWording) {
  for (const char* const text :
       {"550 no", "host mx[192.0.2.1] said: 550 no",
        "host mx[192.0.2.1] refused to talk to me: 550 no",
        "delivery temporarily suspended: host mx[192.0.2.1] said: 550 no",
        "host mx [192.0.2.1] SMTP error from remote mail server after EHLO me: 550 no",
        "SMTP error from remote mail server after end of data: 550 no",
        "SMTP error from remote mail server after RCPT TO:<a@b.example>: host mx [192.0.2.1]: 550 "
        "no",
        "SMTP error from remote mailer after MAIL FROM:<> SIZE=9: host mx [192.0.2.1]: 550 no",
        "SMTP error from remote mail server after DATA: host mx [192.0.2.1]: host a said: 550 "
        "no"}) {
    EXPECT_EQ(said(text), "550 no") << text;
  }
  for (const char* const text : {"550 host mx said: no", "connect to mx: refused", "host is down",
                                 "host mx: down", "SMTP error from remote mail server"}) {
    EXPECT_EQ(said(text), text);
  }
}

TEST(HeardTextTest, ManyOpenFramesTakeLinearTime) {
  for (const char* const mark :
       {">>> ", "host ", "SMTP error from remote mail server after ", "(in reply to "}) {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += mark;
    text.pop_back();
    EXPECT_EQ(said(text), text);
  }
}

}  // namespace
}  // namespace plainbounce

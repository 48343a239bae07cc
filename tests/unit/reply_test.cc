#include "lib/reply/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "lib/base/text.h"
#include "tests/unit/report_dump.h"

namespace plainbounce {
namespace {

// A reply, and what is read from it besides the text.
struct Case {
  std::string_view text;
  std::string_view dump;
};

std::string dump_without_text(std::string_view text) {
  Reply reply = parse_reply(text);
  reply.text.clear();
  return dump(reply);
}

class ReplyTest : public testing::TestWithParam<Case> {};

TEST_P(ReplyTest, IsRead) {
  EXPECT_EQ(dump_without_text(GetParam().text), GetParam().dump) << GetParam().text;
}

constexpr Case kBareCodes[] = {
    {"550", "code=550"},
    {"421 ", "code=421"},
    {"5.1.1", "status=5.1.1"},
    {"4.7.0 Try again later", "status=4.7.0"},
    {"550 5.1.1", "code=550 status=5.1.1"},
    {"550 5.1.1 User unknown", "code=550 status=5.1.1"},
    {"550-5.1.1 foo 550 5.1.1 bar", "code=550 status=5.1.1"},
    {"550-Blocked 550 5.7.1 see x", "code=550 status=5.7.1"},
    {"550 #5.1.0 Address rejected.", "code=550 status=5.1.0"},
    {"550 sorry, no mailbox here by that name (#5.1.1)", "code=550 status=5.1.1"},
    {"Sorry, no mailbox here by that name. (#5.1.1)", "status=5.1.1"},
    {"550: no", "code=550"},
    {"smtp; 550 5.1.1 x", "code=550 status=5.1.1"},
    {"SMTP;550 x", "code=550"},
    {"X-Postfix; unknown user: \"x\"", ""},
    {"535 5.7.8 Error: authentication failed", "code=535 status=5.7.8"},
    {"250 2.1.5 Ok", "code=250 status=2.1.5"},
    {"SMTP Error 101, Error opening connection", "code=101"},
    {"Connection refused, 111 Can't open SMTP stream", "code=111"},
    {"[Errno 111] Connection refused", "code=111"},
    {"SMTP error: 554 no", "code=554"},
    {"", ""},
};
INSTANTIATE_TEST_SUITE_P(BareCodes, ReplyTest, testing::ValuesIn(kBareCodes));

constexpr Case kOtherNumbers[] = {
    {"message size limit: 500 MB exceeded", ""},
    {"Blocked by 192.0.2.250 in 2024", ""},
    {"192.0.2.1 refused", ""},
    {"connection to port: 587", ""},
    {"2024-05-01 no", ""},
    {"running Mailer 5.4.3.1", ""},
    {"5501 no", ""},
    {"550x no", ""},
    {"554/5 no", ""},
    {"552 limit 5.9.1 of mailer", "code=552"},
    {"550 IP 5.5.5.5 is listed", "code=550"},
    {"550 no (see 4.2.2)", "code=550"},
};
INSTANTIATE_TEST_SUITE_P(OtherNumbers, ReplyTest, testing::ValuesIn(kOtherNumbers));

constexpr Case kPostfix[] = {
    {"host mx.example.com[192.0.2.1] said: 550-5.1.1 No such account 550 5.1.1 here (in reply to "
     "RCPT "
     "TO command)",
     "code=550 status=5.1.1 stage=rcpt host=mx.example.com address=192.0.2.1"},
    {"host mx.example.com[2001:db8::1] said: 552 5.3.4 too big (in reply to end of DATA command)",
     "code=552 status=5.3.4 stage=end-of-data host=mx.example.com address=2001:db8::1"},
    {"host mx[192.0.2.1] said: 554 no (in reply to DATA command)",
     "code=554 stage=data host=mx address=192.0.2.1"},
    {"host mx[192.0.2.1] said: 553 5.1.8 x (in reply to MAIL FROM command)",
     "code=553 status=5.1.8 stage=mail host=mx address=192.0.2.1"},
    {"host mx[192.0.2.1] refused to talk to me: 554 5.7.1 blocked",
     "code=554 status=5.7.1 stage=connect host=mx address=192.0.2.1"},
    {"host lmtp.example.com[private/lmtp] said: 552 5.2.2 full (in reply to end of DATA command)",
     "code=552 status=5.2.2 stage=end-of-data host=lmtp.example.com"},
    {"connect to mx.example.com[192.0.2.1]:25: Connection refused",
     "stage=connect host=mx.example.com address=192.0.2.1"},
    {"delivery temporarily suspended: connect to mx.example.com[192.0.2.1]:25: Connection timed "
     "out",
     "stage=connect host=mx.example.com address=192.0.2.1"},
    {"lost connection with mx.example.com[192.0.2.1] while sending RCPT TO",
     "stage=rcpt host=mx.example.com address=192.0.2.1"},
    {"conversation with mx.example.com[192.0.2.1] timed out while sending message body",
     "stage=end-of-data host=mx.example.com address=192.0.2.1"},
    {"message size 4000 exceeds size limit 3000 of server mx.example.com[192.0.2.1]",
     "host=mx.example.com address=192.0.2.1"},
    {"certificate verification failed for mx.example.com[192.0.2.1]:25: self-signed certificate",
     "host=mx.example.com address=192.0.2.1"},
    {"lost connection with mx.example.com[192.0.2.1] while receiving the initial server greeting",
     "stage=connect host=mx.example.com address=192.0.2.1"},
    {"host a.example[192.0.2.1] said: 451 4.3.0 <x@y>: Temporary lookup failure: host "
     "b.example[192.0.2.2] said: 550 5.1.1 User unknown (in reply to RCPT TO command) (in reply to "
     "end of DATA command)",
     "code=550 status=5.1.1 stage=rcpt host=b.example address=192.0.2.2"},
};
INSTANTIATE_TEST_SUITE_P(Postfix, ReplyTest, testing::ValuesIn(kPostfix));

constexpr Case kOthers[] = {
    {"SMTP error from remote mail server after RCPT TO:<no@x.example>: host mx.example.com "
     "[192.0.2.5]: 550 No such user",
     "code=550 stage=rcpt host=mx.example.com address=192.0.2.5"},
    {"host mx.example.com [192.0.2.5] SMTP error from remote mail server after pipelined end of "
     "data: "
     "554 5.7.1 rejected, id=42",
     "code=554 status=5.7.1 stage=end-of-data host=mx.example.com address=192.0.2.5"},
    {"H=mx.example.com [192.0.2.5]: SMTP error from remote mail server after initial connection: "
     "421 "
     "busy",
     "code=421 stage=connect host=mx.example.com address=192.0.2.5"},
    {"... while talking to mx.example.com.: >>> RCPT To:<a@b> <<< 550 5.1.1 unknown 550 5.1.1 "
     "<a@b>... User unknown <<< 503 5.5.1 no",
     "code=550 status=5.1.1 stage=rcpt host=mx.example.com"},
    // With pipelining Sendmail shows DATA, and its own closing words add a status.
    {"... while talking to [192.0.2.1]: >>> DATA <<< 550 unknown user 554 5.0.0 Service "
     "unavailable",
     "code=550 host=192.0.2.1 address=192.0.2.1"},
    {"... while talking to mx.example.com.: >>> DATA <<< 550-Blocked <<< 550 5.7.1 see x 554 5.0.0 "
     "x",
     "code=550 status=5.7.1 host=mx.example.com"},
    {"Deferred: 450 4.2.0 greylisted", "code=450 status=4.2.0"},
    {"Remote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'",
     "code=550 status=5.1.1"},
    {"#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", "code=550 status=5.1.1"},
    {"#< #5.1.1 smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found> #SMTP#",
     "code=550 status=5.1.1"},
    {"Remote Server returned '<mx.example.com #5.1.1 smtp;550 5.1.1 unknown>'",
     "code=550 status=5.1.1 host=mx.example.com"},
    {"192.0.2.1 does not like recipient. Remote host said: 553 sorry (#5.7.1) Giving up on "
     "192.0.2.1.",
     "code=553 status=5.7.1 host=192.0.2.1 address=192.0.2.1"},
    {"5.1.0 - Unknown address error 550-'5.2.2 <a@b>... Mailbox Full'", "code=550 status=5.2.2"},
    {"4.3.1 - Mail system full ('452', ['4.3.1 Insufficient system resources'])",
     "code=452 status=4.3.1"},
    {"Reason: 542 a@b Rejected", "code=542"},
    {"[192.0.2.2], 554 Service currently unavailable", "code=554"},
    {"[127.0.0.1] said: 550 5.1.1 no", "code=550 status=5.1.1 host=127.0.0.1 address=127.0.0.1"},
};
INSTANTIATE_TEST_SUITE_P(Others, ReplyTest, testing::ValuesIn(kOthers));

TEST(ReplyText, KeepsTheCodesAndCollapsesWhiteSpace) {
  EXPECT_EQ(parse_reply(" smtp;  550-5.1.1\r\n  foo\t550 5.1.1 bar \n").text,
            "550-5.1.1 foo 550 5.1.1 bar");
}

TEST(ReplyText, EncodedWordsStay) {
  EXPECT_EQ(parse_reply("550 =?utf-8?Q?=C3=BC?=").text, "550 =?utf-8?Q?=C3=BC?=");
}

TEST(ReplyText, IsValidUtf8WhateverComes) {
  EXPECT_EQ(parse_reply("550 gel\xF6scht \x85").text, "550 gelöscht \uFFFD");
}

TEST(ReplyText, IsCutBetweenCharacters) {
  std::string text = "550 x";
  while (text.size() < 3 * kMaxReplyText) text += "ü";
  const Reply reply = parse_reply(text);
  EXPECT_EQ(reply.code, 550);
  EXPECT_LE(reply.text.size(), kMaxReplyText);
  EXPECT_GE(reply.text.size(), kMaxReplyText - 1);
  EXPECT_EQ(valid_utf8(reply.text), reply.text);
}

TEST(ReplyText, ACutLeavesNoBlankAtTheEnd) {
  const std::string text = "550 " + std::string(kMaxReplyText - 5, 'x') + " and more";
  EXPECT_EQ(parse_reply(text).text, text.substr(0, kMaxReplyText - 1));
}

}  // namespace
}  // namespace plainbounce

// What a notice keeps to, whatever the report holds.
#include <fmt/format.h>

#include <thread>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/notice/colour.h"
#include "tests/unit/notice_fixture.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class NoticeSafetyTest : public NoticeFixture {};

TEST_F(NoticeSafetyTest, OriginalNoticeStandsVerbatimAtTheEndOfTheText) {
  Report one = report();
  one.notification.text =
      "<anna@example.com>: host\n\n\n   {{x}} <b> " + std::string(200, 'x') + "\r\nend\r\n";
  const Notice notice = write(one, {recipient("anna@example.com", Cause::kMailboxFull)});
  EXPECT_TRUE(notice.text.ends_with("<anna@example.com>: host\n\n\n   {{x}} <b> " +
                                    std::string(200, 'x') + "\nend\n"));
  EXPECT_THAT(notice.html, Not(HasSubstr("xxxx")));
}

TEST_F(NoticeSafetyTest, NothingInTheOriginalNoticeHidesOrTurnsItsWords) {
  Report one = report();
  one.notification.text =
      "a\u202Eb\u2066c\u2069 \x1b[2J \x07\x7f\xc2\x85 x\u2028y\ttab\r\n\u200E\u200F\u200D!\n";
  const Notice notice = write(one, {recipient("anna@example.com", Cause::kMailboxFull)});
  EXPECT_TRUE(
      notice.text.ends_with("a<U+202E>b<U+2066>c<U+2069> <0x1b>[2J <0x07><0x7f><0x85> "
                            "x<U+2028>y\ttab\n\u200E\u200F\u200D!\n"))
      << notice.text;
}

// Thunderbird, mutt's pagers, webmail and others make links of what looks like one.
TEST_F(NoticeSafetyTest, NothingThatAServerSaidLooksLikeALinkInTheTextEither) {
  Report one = report();
  one.notification.text.clear();
  RecipientDiagnosis two = recipient("anna@example.com", Cause::kSenderAccountBlocked);
  two.side = Side::kTheirs;
  two.reply.text =
      "550 HTTPS://evil.example/login www.evil.example mailto:ceo@evil.example <ceo@evil.example>";
  two.reply.code = 550;
  const Notice notice = write(one, {two});
  EXPECT_THAT(notice.text, HasSubstr("> 550 HTTPS: //evil.example/login www .evil.example"));
  for (const char* link : {"HTTPS://", "www.evil", "ceo@evil"}) {
    EXPECT_THAT(notice.text, Not(HasSubstr(link)));
  }
}

TEST_F(NoticeSafetyTest, AHugeOriginalNoticeIsCut) {
  Report one = report();
  one.notification.text.clear();
  while (one.notification.text.size() < (2u << 20)) one.notification.text += "ä";
  const Notice notice = write(one, {recipient("anna@example.com", Cause::kMailboxFull)});
  EXPECT_LT(notice.text.size(), 70000u);
  EXPECT_EQ(valid_utf8(notice.text), notice.text);
  EXPECT_THAT(notice.text, HasSubstr("[The rest is left out.]"));
}

TEST_F(NoticeSafetyTest, NoLineLooksLikeAnMtasOwn) {
  for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
    RecipientDiagnosis one = recipient("anna@example.com", static_cast<Cause>(cause));
    one.reply.text = "550 <anna@example.com>: no";
    one.reply.code = 550;
    const Notice notice = write(one);
    std::istringstream lines(notice.text + "\n" + notice.html);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_THAT(trim(line), Not(StartsWith("<anna@"))) << line;
      EXPECT_NE(trim(line), "anna@example.com");
      EXPECT_NE(line, "Your message");
    }
    EXPECT_THAT(ascii_lower(unwrapped(notice.text)), Not(HasSubstr("could not be delivered")));
  }
}

TEST_F(NoticeSafetyTest, RemoteTextIsNeverMarkupLinkOrTemplate) {
  const std::string payload =
      "<script>alert(1)</script><a href=\"http://evil.example/\">x</a> {{headline}} {{{headline}}} "
      "{0} {count} '{ www.evil.example javascript:alert(1) \" onload=x &lt;";
  const Notice notice = write(hostile_report(payload), {hostile(payload)});
  expect_balanced(notice.html);
  EXPECT_THAT(notice.html, Not(HasSubstr("<script")));
  EXPECT_THAT(notice.html, Not(HasSubstr("<a ")));
  EXPECT_THAT(notice.html, Not(HasSubstr("://")));
  EXPECT_THAT(notice.html, Not(HasSubstr("www.evil")));
  EXPECT_THAT(notice.html, HasSubstr("{{headline}}"));
  EXPECT_THAT(notice.text, HasSubstr("{{headline}}"));
  EXPECT_THAT(notice.text, HasSubstr("{0} {count} '{"));
  expect_narrow(notice.text);
}

TEST_F(NoticeSafetyTest, ControlAndDirectionCharactersNeverComeThrough) {
  const std::string payload =
      "a\x1b[2J\x07\b\u202Eb\u2067c\u200Bd\x7f\xc2\x85\r\nBcc: x\r\n\r\ny\te";
  const Notice notice = write(hostile_report(payload), {hostile(payload)});
  for (const std::string& part : {notice.text, notice.html, notice.subject}) {
    for (const char* bad : {"\x1b", "\x07", "\b", "\u202E", "\u2067", "\u200B", "\x7f", "\xc2\x85",
                            "\r", "\t", "\nBcc"}) {
      EXPECT_THAT(part, Not(HasSubstr(bad)));
    }
  }
  EXPECT_THAT(notice.text, HasSubstr("<0x1b>[2J"));
  EXPECT_EQ(notice.subject.find('\n'), std::string::npos);
}

TEST_F(NoticeSafetyTest, HugeRemoteTextStaysSmall) {
  std::vector<std::string> payloads = {std::string(2 << 20, 'x'), std::string(2 << 20, ' ')};
  for (const std::string unit : {"<", "a.b", "://", "\u202E", "你", "e\u0301"}) {
    std::string payload;
    while (payload.size() < 100000) payload += unit;
    payloads.push_back(payload);
  }
  for (const std::string& payload : payloads) {
    const std::string unit = payload.substr(0, 3);
    const Notice notice = write(hostile_report(payload), {hostile(payload)});
    EXPECT_LT(notice.html.size(), 30000u) << unit;
    EXPECT_LT(notice.text.size(), 60000u) << unit;
    EXPECT_LE(notice.subject.size(), 800u) << unit;
    EXPECT_EQ(valid_utf8(notice.text), notice.text);
    expect_narrow(notice.text);
  }
}

TEST_F(NoticeSafetyTest, ReportsOnManyRecipientsStaySmall) {
  std::vector<RecipientDiagnosis> recipients;
  for (std::size_t i = 0; i < 1000; ++i) {
    RecipientDiagnosis one =
        recipient(fmt::format("{}{}@example.com", std::string(80, 'u'), i),
                  static_cast<Cause>(i % kCauseCount), static_cast<Outcome>(i % kOutcomeCount));
    one.reply.text = fmt::format("550 5.1.1 {} {}", i, std::string(2000, '<'));
    one.reply.code = 550;
    one.confidence = static_cast<Confidence>(i % 3);
    recipients.push_back(one);
  }
  const Notice notice = write(report(), recipients);
  EXPECT_LT(notice.html.size(), 30000u);
  EXPECT_LT(notice.text.size(), 120000u);
  expect_balanced(notice.html);
  expect_narrow(notice.text);
  EXPECT_THAT(unwrapped(notice.text), HasSubstr("more addresses"));
}

TEST_F(NoticeSafetyTest, OnlyTheHousesOwnLinksAreLinks) {
  House house;
  house.organisation = "Example & Sons";
  house.help_name = "IT help desk";
  house.help_email = "help@example.edu";
  house.help_phone = "+44 20 7946 0000";
  house.help_url = "https://help.example.edu/mail?a=1&b=2";
  const Notice notice =
      write(report(), {recipient("anna@example.com", Cause::kMailboxFull)}, house);
  EXPECT_THAT(notice.html, HasSubstr("<a href=\"https://help.example.edu/mail?a=1&amp;b=2\""));
  EXPECT_THAT(notice.html, HasSubstr("<a href=\"mailto:help@example.edu\""));
  EXPECT_THAT(notice.html, HasSubstr("<a href=\"tel:+442079460000\""));
  EXPECT_THAT(notice.html, HasSubstr("Example &amp; Sons"));
  EXPECT_THAT(notice.text, HasSubstr("https://help.example.edu/mail?a=1&b=2\n"));
  EXPECT_THAT(notice.text, HasSubstr("+44 20 7946 0000"));
}

TEST_F(NoticeSafetyTest, EachCauseHasItsOwnHelpPageAndTheSameOneIsGivenOnce) {
  House house;
  house.help_url = "https://help.example.edu/{language}/{cause}";
  const auto full = recipient("anna@example.com", Cause::kMailboxFull);
  auto unsure = recipient("bob@example.com", Cause::kGreylisted);
  unsure.confidence = Confidence::kUnsure;
  const auto reached = recipient("eve@example.com", Cause::kDelivered, Outcome::kDelivered);
  const Notice notice = write(report(), {full, unsure, reached}, house);
  for (const char* const cause : {"mailbox-full", "unexplained"}) {
    const std::string url = std::string("https://help.example.edu/en/") + cause;
    EXPECT_THAT(notice.html, HasSubstr("<a href=\"" + url + "\""));
    EXPECT_THAT(notice.text, HasSubstr("\n" + url + "\n"));
  }
  EXPECT_THAT(notice.html, Not(HasSubstr("greylisted\"")));
  EXPECT_THAT(notice.html, Not(HasSubstr("/delivered")));
  house.help_url = "https://help.example.edu/{language}";
  const std::string html = write(report(), {full, unsure}, house).html;
  EXPECT_EQ(html.find("<a href"), html.rfind("<a href"));
}

TEST_F(NoticeSafetyTest, LetterheadAndLinksHaveTheHousesColours) {
  House house;
  house.organisation = "Example University";
  house.logo = "EU";
  house.help_phone = "ask at 7";
  house.help_url = "https://help.example.edu/";
  const auto full = recipient("anna@example.com", Cause::kMailboxFull);
  const std::string plain = write(report(), {full}, house).html;
  EXPECT_THAT(plain, HasSubstr(">EU</td>"));
  EXPECT_THAT(plain, Not(HasSubstr("tel:")));
  house.accent = "#00558c";
  house.accent_dark = "#7cc4f5";
  const std::string html = write(report(), {full}, house).html;
  EXPECT_THAT(html, HasSubstr("color:#00558c\">Example University</td>"));
  EXPECT_THAT(html, HasSubstr("<a href=\"https://help.example.edu/\" style=\"color:#00558c\""));
  EXPECT_THAT(html, HasSubstr(".page a{color:#7cc4f5!important}"));
  EXPECT_THAT(html, HasSubstr(".page .brand{color:#7cc4f5!important"));
  expect_balanced(html);
}

TEST_F(NoticeSafetyTest, NoticesStandOnThePagesThatColoursAreCheckedAgainst) {
  const std::string html = write(recipient("anna@example.com", Cause::kMailboxFull)).html;
  EXPECT_THAT(html, HasSubstr("<body class=\"page\" style=\"margin:0;padding:0;background:" +
                              std::string(kLightPage)));
  EXPECT_THAT(html, HasSubstr(".page,.page .in{background:" + std::string(kDarkPage)));
}

TEST(ColourTest, ContrastIsTheStandards) {
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21.0, 0.001);
  EXPECT_NEAR(contrast("#FFFFFF", "#767676"), 4.54, 0.01);
  EXPECT_TRUE(is_legible_on(kLightPage, "#767676"));
  EXPECT_FALSE(is_legible_on(kLightPage, "#777777"));
  EXPECT_TRUE(is_legible_on(kDarkPage, "#ffffff"));
  for (const char* const none : {"", "navy", "#fff", "#00558", "#00558g", "#00558c;", "00558cc"}) {
    EXPECT_FALSE(is_legible_on(kLightPage, none)) << none;
  }
}

TEST_F(NoticeSafetyTest, WhatIsNoWebOrMailAddressIsNoLink) {
  House house;
  house.help_name = "Desk";
  for (const char* url : {"javascript:alert(1)", "ftp://x", "https://x\" onclick=\"y",
                          "https://x y", "https://x\n", "http"}) {
    house.help_url = url;
    house.help_email = std::string("a@b?subject=") + url;
    const Notice notice =
        write(report(), {recipient("anna@example.com", Cause::kMailboxFull)}, house);
    EXPECT_THAT(notice.html, Not(HasSubstr("<a "))) << url;
  }
}

TEST_F(NoticeSafetyTest, SubjectNamesTheReasonAndTheMessageOrElseTheRecipient) {
  Report one = report();
  const auto anna = recipient("anna@example.com", Cause::kMailboxFull);
  EXPECT_EQ(write(one, {anna}).subject,
            "Not delivered: the mailbox is full (\"Minutes of the meeting\")");
  one.returned.subject = std::string(500, 'x');
  EXPECT_LE(display_width(write(one, {anna}).subject), 120);
  one.returned.subject = " \t ";
  EXPECT_EQ(write(one, {anna}).subject,
            "Your message to anna@example.com wasn't delivered: the mailbox is full");
}

TEST_F(NoticeSafetyTest, NothingAtAllStillGivesANotice) {
  const Notice notice = write(Report(), {RecipientDiagnosis()});
  EXPECT_FALSE(notice.subject.empty());
  EXPECT_THAT(notice.text, HasSubstr("For your mail administrator"));
  expect_balanced(notice.html);
  EXPECT_FALSE(write(Report(), {}).subject.empty());
}

TEST_F(NoticeSafetyTest, HtmlLoadsNothingAndNamesItsLanguage) {
  const Notice notice = write(recipient("anna@example.com", Cause::kMailboxFull));
  EXPECT_THAT(notice.html, HasSubstr("<html lang=\"en\" dir=\"ltr\">"));
  EXPECT_THAT(notice.html, HasSubstr("prefers-color-scheme:dark"));
  for (const char* loader : {"<img", "<link", "<script", "url(", "@import", "src=", "http"}) {
    EXPECT_THAT(notice.html, Not(HasSubstr(loader)));
  }
  EXPECT_EQ(notice.language, "en");
  EXPECT_FALSE(notice.right_to_left);
}

TEST_F(NoticeSafetyTest, NoticesCanBeWrittenByManyThreadsAtOnce) {
  const Notice expected = write(recipient("anna@example.com", Cause::kMailboxFull));
  std::vector<std::thread> threads;
  std::vector<int> same(4, 0);
  for (std::size_t t = 0; t < same.size(); ++t) {
    threads.emplace_back([&same, &expected, t] {
      for (int i = 0; i < 10; ++i) {
        const Notice notice = write(recipient("anna@example.com", Cause::kMailboxFull));
        if (notice.text == expected.text && notice.html == expected.html) ++same[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, std::vector<int>(4, 10));
}

}  // namespace
}  // namespace plainbounce

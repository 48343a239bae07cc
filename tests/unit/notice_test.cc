// What a reader gets: the whole of write_notice() on hand-made reports.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <thread>
#include <vector>

#include "lib/notice/wrap.h"
#include "lib/notice/write.h"
#include "lib/report/text.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::int64_t kMonday = 1795421520;  // 23 November 2026, 08:12 UTC
constexpr std::int64_t kDay = 86400;

class NoticeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    knowledge_ = new Knowledge(Knowledge::load());
    wording_ = new Wording(Wording::load());
  }
  static void TearDownTestSuite() {
    delete knowledge_;
    delete wording_;
  }

  static Report report() {
    Report report;
    report.kind = MessageKind::kReport;
    report.reporting_mta = "mx.example.edu";
    report.queue_id = "4XyZ12abC";
    report.returned.present = true;
    report.returned.subject = "Minutes of the meeting";
    report.returned.date = Timestamp{kMonday, 3600};
    report.returned.to = {{"Anna", "anna@example.com"}};
    report.returned.message_id = "abc.123@example.edu";
    report.notification.text = "This is the mail system at host mx.example.edu.\n\nSorry.\n";
    return report;
  }

  static RecipientDiagnosis recipient(const std::string& address, Cause cause,
                                      Outcome outcome = Outcome::kFailed) {
    RecipientDiagnosis result;
    result.address = address;
    result.cause = cause;
    result.outcome = outcome;
    result.actor = knowledge_->cause(cause).actor;
    result.confidence = Confidence::kCertain;
    result.evidence = "rule:some-rule";
    return result;
  }

  // As the most hostile server would have it, in every place that it can fill.
  static RecipientDiagnosis hostile(const std::string& payload) {
    RecipientDiagnosis result = recipient("anna@example.com", Cause::kReputationBlocked);
    result.reply.text = "550 5.7.1 " + payload;
    result.reply.code = 550;
    result.evidence = payload;
    Facts& facts = result.facts;
    facts.remote_host = facts.remote_address = facts.block_list = facts.lookup = payload;
    facts.refused_address = facts.refused_sender = facts.new_address = facts.mechanism = payload;
    facts.meant_address = facts.provider_name = payload;
    return result;
  }
  static Report hostile_report(const std::string& payload) {
    Report result = report();
    result.returned.subject = result.reporting_mta = result.queue_id = payload;
    result.returned.message_id = result.original_sender = payload;
    result.original_envelope_id = result.received_from_mta = payload;
    result.returned.from = result.returned.cc = {{payload, payload}};
    result.notification.text.clear();
    RecipientReport block;
    block.final_recipient = block.original_recipient = block.final_log_id = payload;
    result.recipients = {block};
    return result;
  }

  static Notice write(const Report& report, const std::vector<RecipientDiagnosis>& recipients,
                      const House& house = {}) {
    return write_notice(report, Diagnosis{recipients}, *knowledge_, *wording_, house);
  }
  static Notice write(const RecipientDiagnosis& recipient) { return write(report(), {recipient}); }

  // What the user reads: everything before the administrator's part.
  static std::string user_part(const Notice& notice) {
    return notice.text.substr(0, notice.text.find("For your mail administrator"));
  }
  static std::string unwrapped(std::string text) {
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return collapse_space(text);
  }
  static std::string headline(const Notice& notice) {
    return unwrapped(notice.text.substr(0, notice.text.find("\n===")));
  }

  static void expect_narrow(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_width(line), kTextWidth) << line;
    }
  }

  // Every element that is opened is closed, in order.
  static void expect_balanced(const std::string& html) {
    std::vector<std::string> open;
    for (std::size_t i = html.find('<'); i != std::string::npos; i = html.find('<', i + 1)) {
      const std::size_t end = html.find_first_of(" >", i);
      const std::string name = html.substr(i + 1, end - i - 1);
      if (name == "!DOCTYPE" || name == "meta" || name == "br") continue;
      if (name.front() != '/') {
        open.push_back(name);
      } else {
        ASSERT_FALSE(open.empty()) << name;
        EXPECT_EQ("/" + open.back(), name);
        open.pop_back();
      }
    }
    EXPECT_TRUE(open.empty());
  }

  static Knowledge* knowledge_;
  static Wording* wording_;
};
Knowledge* NoticeTest::knowledge_ = nullptr;
Wording* NoticeTest::wording_ = nullptr;

TEST_F(NoticeTest, EveryCauseWithEveryOutcomeReadsWellWithoutFacts) {
  for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
    for (std::size_t outcome = 0; outcome < kOutcomeCount; ++outcome) {
      for (const auto confidence : {Confidence::kCertain, Confidence::kUnsure}) {
        RecipientDiagnosis one =
            recipient("anna@example.com", static_cast<Cause>(cause), static_cast<Outcome>(outcome));
        one.confidence = confidence;
        const Notice notice = write(one);
        SCOPED_TRACE(notice.text);
        EXPECT_THAT(notice.text, StartsWith("Your message to anna@example.com "));
        expect_narrow(notice.text);
        expect_balanced(notice.html);
        for (const char* hole : {"{", "}", "()", " .", " ,", "..", ": .", "  at", "@,", "\n\n\n"}) {
          EXPECT_THAT(user_part(notice), Not(HasSubstr(hole)));
        }
        for (const char* part : {"What happened", "Whose turn it is", "About your message",
                                 "For your mail administrator", "The original notice"}) {
          EXPECT_THAT(notice.text, HasSubstr(part));
        }
      }
    }
  }
}

TEST_F(NoticeTest, PartsStandInTheOrderOfTheDesign) {
  House house;
  house.help_email = "help@example.edu";
  const Notice notice =
      write(report(), {recipient("anna@example.com", Cause::kSpamSuspected)}, house);
  std::size_t last = 0;
  for (const char* part :
       {"Your message to anna@example.com wasn't delivered: it was taken for spam", "\u2713 You",
        "What happened", "Whose turn it is", "What you can do", "About your message",
        "If you didn't send this message", "Who can help", "For your mail administrator",
        "What to check", "Queue ID", "The original notice"}) {
    if (std::string_view(part) == "Queue ID") continue;  // stands above "What to check"
    const std::size_t place = notice.text.find(part);
    ASSERT_NE(place, std::string::npos) << part << "\n" << notice.text;
    EXPECT_GE(place, last) << part;
    last = place;
  }
}

TEST_F(NoticeTest, HeadlineSaysWhoAndWhy) {
  EXPECT_EQ(headline(write(recipient("anna@example.com", Cause::kMailboxFull))),
            "Your message to anna@example.com wasn't delivered: the mailbox is full");
  EXPECT_EQ(headline(write(recipient("anna@example.com", Cause::kMailboxFull, Outcome::kDelayed))),
            "Your message to anna@example.com isn't delivered yet: the mailbox is full");
  EXPECT_EQ(headline(write(recipient("a@x.example", Cause::kDelivered, Outcome::kDelivered))),
            "Your message to a@x.example was delivered");
}

TEST_F(NoticeTest, SizesAreToldWhereTheyAreKnown) {
  RecipientDiagnosis large = recipient("anna@example.com", Cause::kMessageTooLarge);
  EXPECT_THAT(unwrapped(write(large).text),
              HasSubstr("Your message is bigger than their mail service takes."));
  large.facts.size_limit = 26214400;
  EXPECT_THAT(unwrapped(write(large).text), HasSubstr("takes messages of 25 MB at most"));
  large.facts.message_size = 35651584;
  const std::string text = unwrapped(write(large).text);
  EXPECT_THAT(text,
              HasSubstr("Your message is 34 MB, but their mail service takes 25 MB at most."));
  EXPECT_THAT(text, HasSubstr("should stay below 18 MB in all."));
}

TEST_F(NoticeTest, SizesThatDifferNeverLookTheSame) {
  RecipientDiagnosis large = recipient("anna@example.com", Cause::kMessageTooLarge);
  large.facts.size_limit = 26214400;
  large.facts.message_size = 26220000;
  EXPECT_THAT(unwrapped(write(large).text), HasSubstr("Your message is 25.01 MB, but their mail "
                                                      "service takes 25 MB at most."));
  large.facts.message_size = 1000;
  EXPECT_THAT(unwrapped(user_part(write(large))), Not(HasSubstr("1,000")))
      << "a message below the limit can't be what broke it";
}

TEST_F(NoticeTest, GivenUpMailTellsSinceWhenAndUntilWhenItWasTried) {
  RecipientDiagnosis one =
      recipient("anna@example.com", Cause::kServerUnreachable, Outcome::kGaveUp);
  one.facts.first_attempt = Timestamp{kMonday, 3600};
  one.facts.last_attempt = Timestamp{kMonday + 5 * kDay, 3600};
  EXPECT_THAT(
      unwrapped(write(one).text),
      HasSubstr("We tried from Monday, 23 November 2026 at 09:12 until Saturday, 28 November "
                "2026 at 09:12, and have now given up."));
}

TEST_F(NoticeTest, DelayedMailTellsUntilWhenAndThatNothingNeedsDoing) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kServerBusy, Outcome::kDelayed);
  one.facts.retry_until = Timestamp{kMonday + 5 * kDay, 3600};
  const std::string text = unwrapped(user_part(write(one)));
  EXPECT_THAT(text, HasSubstr("We will keep trying until Saturday, 28 November 2026 at 09:12."));
  EXPECT_THAT(text, HasSubstr("1. Just wait."));
  EXPECT_THAT(text, HasSubstr("There is no need to send it again"));
  EXPECT_THAT(text, HasSubstr("Our mail service (waiting here)"));
  EXPECT_THAT(text, Not(HasSubstr("We won't try again")));
}

TEST_F(NoticeTest, MeantNewAndBlockListFactsAreTold) {
  RecipientDiagnosis one = recipient("anna@gmial.com", Cause::kDomainUnknown);
  one.facts.meant_address = "anna@gmail.com";
  EXPECT_THAT(write(one).text, HasSubstr("1. Did you mean anna@gmail.com?"));
  one = recipient("anna@example.com", Cause::kRecipientMoved);
  one.facts.new_address = "anna@example.net";
  EXPECT_THAT(headline(write(one)), HasSubstr("the new address is anna@example.net"));
  one = recipient("anna@example.com", Cause::kReputationBlocked);
  one.facts.block_list = "zen.spamhaus.org";
  const std::string text = unwrapped(write(one).text);
  EXPECT_THAT(text, HasSubstr("Their mail service uses zen.spamhaus.org, a list of servers"));
  EXPECT_THAT(text, HasSubstr("Look the address up at Spamhaus"));
}

TEST_F(NoticeTest, AProvidersOwnAdviceGoesToTheAdministrator) {
  RecipientDiagnosis one = recipient("anna@gmail.com", Cause::kSenderAuthenticationFailed);
  one.facts.provider = "gmail";
  one.facts.provider_name = "Google (Gmail)";
  one.facts.remote_host = "gmail-smtp-in.l.google.com";
  one.reply.code = 550;
  const Notice notice = write(one);
  EXPECT_THAT(unwrapped(notice.text), HasSubstr("Google requires SPF or DKIM from every sender"));
  EXPECT_THAT(user_part(notice), Not(HasSubstr("SPF")));
  EXPECT_THAT(
      unwrapped(user_part(notice)),
      HasSubstr("This answer came from Google (Gmail), which takes in the mail for gmail.com."));
}

TEST_F(NoticeTest, EveryProviderAndBlockListWithAdviceIsKnown) {
  for (const auto& [key, pattern] : wording_->messages("en").all()) {
    if (!key.starts_with("provider.")) continue;
    const std::string id = key.substr(9, key.find('.', 9) - 9);
    EXPECT_NE(knowledge_->providers().by_id(id), nullptr) << key;
  }
}

TEST_F(NoticeTest, UnsureCausesAreNotGuessedAndTheServerSpeaks) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kReputationBlocked);
  one.confidence = Confidence::kUnsure;
  one.reply.code = 554;
  one.reply.text = "554 Refused. Ask for code 7.";
  const Notice notice = write(one);
  EXPECT_THAT(headline(notice), HasSubstr("no clear reason was given"));
  EXPECT_THAT(user_part(notice), Not(HasSubstr("block list")));
  EXPECT_THAT(user_part(notice), HasSubstr("> 554 Refused. Ask for code 7."));
  EXPECT_THAT(unwrapped(user_part(notice)),
              HasSubstr("The answer says that the problem is a lasting one."));
  EXPECT_THAT(notice.text, HasSubstr("reputation-blocked (failed, unsure)"));
  one.reply.code = 451;
  EXPECT_THAT(unwrapped(user_part(write(one))),
              HasSubstr("The answer says that the problem may pass."));
}

TEST_F(NoticeTest, LikelyCausesSayThatTheyAreOnlyLikely) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kMailboxFull);
  EXPECT_THAT(write(one).text, Not(HasSubstr("most likely reason")));
  one.confidence = Confidence::kLikely;
  EXPECT_THAT(unwrapped(write(one).text), HasSubstr("this is the most likely reason"));
}

TEST_F(NoticeTest, MixedFatesHaveAHeadlineForTheWhole) {
  const Notice notice =
      write(report(), {recipient("anna@example.com", Cause::kMailboxFull),
                       recipient("bob@example.com", Cause::kRecipientUnknown),
                       recipient("carl@example.com", Cause::kServerBusy, Outcome::kDelayed),
                       recipient("dora@example.com", Cause::kDelivered, Outcome::kDelivered)});
  EXPECT_EQ(headline(notice),
            "Your message wasn't delivered to 2 addresses, is delayed for 1, and has reached 1");
  EXPECT_EQ(notice.subject, "Not delivered to everyone: Minutes of the meeting");
  EXPECT_THAT(notice.text, HasSubstr("Not delivered to anna@example.com: the mailbox is full"));
  EXPECT_THAT(notice.text, HasSubstr("Delivered to dora@example.com"));
  EXPECT_LT(notice.text.find("Not delivered yet to carl@"), notice.text.find("Delivered to dora@"));
}

TEST_F(NoticeTest, LargeGroupsNameTwentyAddressesAndCountTheRest) {
  std::vector<RecipientDiagnosis> recipients;
  for (int i = 0; i < 300; ++i) {
    recipients.push_back(recipient(fmt::format("u{}@example.com", i), Cause::kRecipientUnknown));
  }
  const Notice notice = write(report(), recipients);
  EXPECT_EQ(headline(notice),
            "Your message to u0@example.com, u1@example.com and 298 more wasn't "
            "delivered: these addresses don't exist");
  EXPECT_THAT(notice.text, HasSubstr("- u19@example.com\n- and 280 more addresses"));
  EXPECT_THAT(user_part(notice), Not(HasSubstr("u20@example.com")));
  EXPECT_THAT(unwrapped(notice.text), HasSubstr("The details of 280 more recipients stand in"));
}

TEST_F(NoticeTest, OtherRecipientsAreSaidToBeFine) {
  Report one = report();
  one.returned.cc = {{"Bob", "bob@example.org"}, {"Anna again", "ANNA@example.com"}};
  std::string text =
      unwrapped(write(one, {recipient("anna@example.com", Cause::kMailboxFull)}).text);
  EXPECT_THAT(text, HasSubstr("This notice is only about anna@example.com. We know of no problem "
                              "with bob@example.org."));
  one.returned.cc.clear();
  text = unwrapped(write(one, {recipient("anna@example.com", Cause::kMailboxFull)}).text);
  EXPECT_THAT(text, Not(HasSubstr("This notice is only about")));
}

TEST_F(NoticeTest, AddressesThatTheSenderNeverWroteAreExplained) {
  const std::string text =
      unwrapped(write(recipient("hidden@example.org", Cause::kMailboxFull)).text);
  EXPECT_THAT(text, HasSubstr("This address isn't in the To or Cc line of your message."));
}

TEST_F(NoticeTest, PassedOnMailNamesWhereItEnded) {
  Report one = report();
  one.recipients.resize(1);
  one.recipients[0].final_recipient = "anna@gmail.com";
  const auto anna = recipient("anna@example.com", Cause::kMailboxFull);
  EXPECT_THAT(unwrapped(user_part(write(one, {anna}))),
              HasSubstr("Mail to anna@example.com is passed on to anna@gmail.com"));
  one.recipients[0].final_recipient = "anna@store7.example.com";
  EXPECT_THAT(user_part(write(one, {anna})), Not(HasSubstr("store7")));
}

TEST_F(NoticeTest, ForgedSendersGetAdviceWhereTheyAreLikely) {
  EXPECT_THAT(write(recipient("anna@example.com", Cause::kSenderAuthenticationFailed)).text,
              HasSubstr("If you didn't send this message"));
  EXPECT_THAT(write(recipient("anna@example.com", Cause::kMailboxFull)).text,
              Not(HasSubstr("If you didn't send this message")));
}

TEST_F(NoticeTest, AdministratorGetsReplyCodesAndIdentifiers) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kMailboxFull);
  one.reply.text = "552 5.2.2 Mailbox over quota (id 77)";
  one.reply.code = 552;
  one.reply.stage = Stage::kRcpt;
  one.status = EnhancedStatus{5, 2, 2};
  one.facts.remote_host = "mx.example.com";
  one.facts.remote_address = "192.0.2.7";
  const std::string text = write(one).text;
  for (const char* part :
       {"Queue ID:       4XyZ12abC", "abc.123@example.edu", "mailbox-full (failed, certain)",
        "rule:some-rule", "mx.example.com [192.0.2.7]", "RCPT TO",
        "552: ", "5.2.2: ", "  > 552 5.2.2 Mailbox over quota (id 77)"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST_F(NoticeTest, ACodeIsExplainedOnce) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kMailboxFull);
  one.reply.code = 552;
  RecipientDiagnosis two = one;
  two.address = "bob@example.com";
  const std::string text = unwrapped(write(report(), {one, two}).text);
  const std::string& explanation = knowledge_->codes().reply_code(552)->explanation;
  ASSERT_FALSE(explanation.empty());
  const std::size_t first = text.find(explanation);
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find(explanation, first + 1), std::string::npos);
}

TEST_F(NoticeTest, OriginalNoticeStandsVerbatimAtTheEndOfTheText) {
  Report one = report();
  one.notification.text =
      "<anna@example.com>: host\n\n\n   {{x}} <b> " + std::string(200, 'x') + "\r\nend\r\n";
  const Notice notice = write(one, {recipient("anna@example.com", Cause::kMailboxFull)});
  EXPECT_TRUE(notice.text.ends_with("<anna@example.com>: host\n\n\n   {{x}} <b> " +
                                    std::string(200, 'x') + "\nend\n"));
  EXPECT_THAT(notice.html, Not(HasSubstr("xxxx")));
}

TEST_F(NoticeTest, AHugeOriginalNoticeIsCut) {
  Report one = report();
  one.notification.text.clear();
  while (one.notification.text.size() < (2u << 20)) one.notification.text += "ä";
  const Notice notice = write(one, {recipient("anna@example.com", Cause::kMailboxFull)});
  EXPECT_LT(notice.text.size(), 70000u);
  EXPECT_EQ(valid_utf8(notice.text), notice.text);
  EXPECT_THAT(notice.text, HasSubstr("[The rest is left out.]"));
}

// No bounce parser may find a recipient where the server's own notice names none.
TEST_F(NoticeTest, NoLineLooksLikeAnMtasOwn) {
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

TEST_F(NoticeTest, RemoteTextIsNeverMarkupLinkOrTemplate) {
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

TEST_F(NoticeTest, ControlAndDirectionCharactersNeverComeThrough) {
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

TEST_F(NoticeTest, HugeRemoteTextStaysSmall) {
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

TEST_F(NoticeTest, ReportsOnManyRecipientsStaySmall) {
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

TEST_F(NoticeTest, OnlyTheHousesOwnLinksAreLinks) {
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
  EXPECT_THAT(notice.html, HasSubstr("Example &amp; Sons"));
  EXPECT_THAT(notice.text, HasSubstr("https://help.example.edu/mail?a=1&b=2\n"));
  EXPECT_THAT(notice.text, HasSubstr("+44 20 7946 0000"));
}

TEST_F(NoticeTest, WhatIsNoWebOrMailAddressIsNoLink) {
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

TEST_F(NoticeTest, SubjectNamesTheMessageOrElseTheRecipient) {
  Report one = report();
  const auto anna = recipient("anna@example.com", Cause::kMailboxFull);
  EXPECT_EQ(write(one, {anna}).subject, "Not delivered: Minutes of the meeting");
  one.returned.subject = std::string(500, 'x');
  EXPECT_LE(display_width(write(one, {anna}).subject), 120);
  one.returned.subject = " \t ";
  EXPECT_EQ(write(one, {anna}).subject, "Your message to anna@example.com wasn't delivered");
}

TEST_F(NoticeTest, NothingAtAllStillGivesANotice) {
  const Notice notice = write(Report(), {RecipientDiagnosis()});
  EXPECT_FALSE(notice.subject.empty());
  EXPECT_THAT(notice.text, HasSubstr("For your mail administrator"));
  expect_balanced(notice.html);
  EXPECT_FALSE(write(Report(), {}).subject.empty());
}

TEST_F(NoticeTest, HtmlLoadsNothingAndNamesItsLanguage) {
  const Notice notice = write(recipient("anna@example.com", Cause::kMailboxFull));
  EXPECT_THAT(notice.html, HasSubstr("<html lang=\"en\" dir=\"ltr\">"));
  EXPECT_THAT(notice.html, HasSubstr("prefers-color-scheme:dark"));
  for (const char* loader : {"<img", "<link", "<script", "url(", "@import", "src=", "http"}) {
    EXPECT_THAT(notice.html, Not(HasSubstr(loader)));
  }
  EXPECT_EQ(notice.language, "en");
  EXPECT_FALSE(notice.right_to_left);
}

TEST_F(NoticeTest, NoticesCanBeWrittenByManyThreadsAtOnce) {
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

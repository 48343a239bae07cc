// What a reader gets: the whole of write_notice() on hand-made reports.
#include <fmt/format.h>

#include "lib/base/ascii.h"
#include "tests/unit/notice_fixture.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class NoticeTest : public NoticeFixture {};

TEST_F(NoticeTest, EveryCauseWithEveryOutcomeReadsWellWithoutFacts) {
  for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
    for (std::size_t outcome = 0; outcome < kOutcomeCount; ++outcome) {
      for (const auto confidence : {Confidence::kCertain, Confidence::kUnsure}) {
        RecipientDiagnosis one =
            recipient("anna@example.com", static_cast<Cause>(cause), static_cast<Outcome>(outcome));
        one.confidence = confidence;
        const Notice notice = write(one);
        SCOPED_TRACE(notice.text);
        EXPECT_THAT(headline(notice), StartsWith("Your message to anna@example.com "));
        EXPECT_THAT(unwrapped(user_part(notice)), HasSubstr("Your message to anna@example.com"));
        expect_narrow(notice.text);
        expect_balanced(notice.html);
        for (const char* hole : {"{", "}", "()", " .", " ,", "..", ": .", "  at", "@,", "\n\n\n"}) {
          EXPECT_THAT(user_part(notice), Not(HasSubstr(hole)));
        }
        for (const char* part : {"What happened", "About your message",
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
       {"Not delivered: the message was taken for spam", "Your message to anna@example.com",
        "What you can do", "\u2713 You", "What happened", "About your message",
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
            "Your message to anna@example.com hasn't been delivered yet: the mailbox is full");
  EXPECT_EQ(headline(write(recipient("a@x.example", Cause::kDelivered, Outcome::kDelivered))),
            "Your message to a@x.example was delivered");
}

TEST_F(NoticeTest, SizesAreToldWhereTheyAreKnown) {
  RecipientDiagnosis large = recipient("anna@example.com", Cause::kMessageTooLarge);
  EXPECT_THAT(unwrapped(write(large).text),
              HasSubstr("Your message is larger than the recipient's mail service takes."));
  large.facts.size_limit = 26214400;
  EXPECT_THAT(unwrapped(write(large).text), HasSubstr("takes messages of at most 25 MB"));
  large.facts.message_size = 35651584;
  const std::string text = unwrapped(write(large).text);
  EXPECT_THAT(text, HasSubstr("Your message is 34 MB, but the recipient's mail service takes at "
                              "most 25 MB."));
  EXPECT_THAT(text, HasSubstr("below 18 MB in all."));
}

TEST_F(NoticeTest, SizesThatDifferNeverLookTheSame) {
  RecipientDiagnosis large = recipient("anna@example.com", Cause::kMessageTooLarge);
  large.facts.size_limit = 26214400;
  large.facts.message_size = 26220000;
  EXPECT_THAT(unwrapped(write(large).text),
              HasSubstr("Your message is 25.01 MB, but the recipient's mail service takes at "
                        "most 25 MB."));
  large.facts.message_size = 1000;
  EXPECT_THAT(unwrapped(user_part(write(large))), Not(HasSubstr("1,000")))
      << "a message below the limit can't be what broke it";
}

TEST_F(NoticeTest, ForHowLongItWasTriedIsToldAsExactlyAsAnybodyWantsToKnow) {
  RecipientDiagnosis one =
      recipient("anna@example.com", Cause::kServerUnreachable, Outcome::kGaveUp);
  one.facts.first_attempt = Timestamp{kMonday, 3600};
  const auto told_after = [&](std::int64_t seconds) {
    one.facts.last_attempt = Timestamp{kMonday + seconds, 0};
    return unwrapped(write(one).text);
  };
  constexpr std::int64_t kHour = 3600;
  const std::vector<std::pair<std::int64_t, std::string>> times = {
      {5 * kDay + 4000, "5 days"},          {4 * kDay + 20 * kHour, "5 days"},
      {kDay + 2 * kHour, "1 day, 2 hours"}, {4 * kHour + 100, "4 hours"},
      {90 * 60 + 20, "1 hour, 30 minutes"}, {60, "1 minute"}};
  for (const auto& [seconds, told] : times) {
    EXPECT_THAT(told_after(seconds), HasSubstr("We tried for " + told + " and have now stopped."));
  }
  EXPECT_THAT(told_after(20), HasSubstr("We tried until Monday, 23 November 2026 at 09:12 and"));
}

// What the reader has to read, before what they wrote themselves is told: who, why, what to do, how
// far it got and what happened.
TEST_F(NoticeTest, OneCauseIsToldInAboutAHundredWords) {
  std::size_t words_of_all = 0;
  std::size_t all = 0;
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    const auto success = knowledge_->cause(cause).success;
    for (const Outcome outcome : {Outcome::kFailed, Outcome::kGaveUp, Outcome::kDelayed}) {
      RecipientDiagnosis one = recipient("anna@example.com", cause, success ? *success : outcome);
      one.facts.first_attempt = Timestamp{kMonday, 3600};
      one.facts.last_attempt = Timestamp{kMonday + 5 * kDay, 3600};
      one.facts.remote_host = "mx.example.com";
      one.reply.code = outcome == Outcome::kDelayed ? 450 : 550;
      const std::string text = write(one).text;
      std::istringstream words(text.substr(0, text.find("About your message")));
      std::size_t count = 0;
      for (std::string word; words >> word;) {
        count += std::any_of(word.begin(), word.end(), is_letter);
      }
      // With headings and path, which are some fifteen. A delay tells since when and until when,
      // too.
      EXPECT_LE(count, outcome == Outcome::kDelayed ? 141U : 128U) << text;
      words_of_all += count;
      ++all;
    }
  }
  EXPECT_LE(words_of_all, 104 * all);
}

// The server keeps UTC, and the reader wrote at 09:12 on their own clock.
TEST_F(NoticeTest, TimesAreThoseOfTheReadersClock) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kServerBusy, Outcome::kDelayed);
  one.facts.retry_until = Timestamp{kMonday + 5 * kDay, 0};
  EXPECT_THAT(unwrapped(user_part(write(one))),
              HasSubstr("We will keep trying until Saturday, 28 November 2026 at 09:12."));
}

TEST_F(NoticeTest, DelayedMailTellsUntilWhenAndThatNothingNeedsDoing) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kServerBusy, Outcome::kDelayed);
  one.facts.retry_until = Timestamp{kMonday + 5 * kDay, 3600};
  const std::string text = unwrapped(user_part(write(one)));
  EXPECT_THAT(text, HasSubstr("We will keep trying until Saturday, 28 November 2026 at 09:12."));
  EXPECT_THAT(text, HasSubstr("1. Just wait."));
  EXPECT_THAT(text, HasSubstr("Please don't send it again"));
  EXPECT_THAT(text, HasSubstr("\u2026 example.com (too busy)"));
  EXPECT_THAT(text, Not(HasSubstr("We won't try again")));
}

// Where it ended, and why: neither the reader's slip nor the other side's silence is the house's.
TEST_F(NoticeTest, ThePathTellsWhereAndWhyItEnded) {
  const auto path = [](Cause cause, Outcome outcome) {
    const std::string text = unwrapped(write(recipient("anna@example.com", cause, outcome)).text);
    const std::size_t begin = text.find("Our mail service");
    return text.substr(begin, text.find(" What happened") - begin);
  };
  EXPECT_EQ(path(Cause::kRecipientUnknown, Outcome::kFailed),
            "Our mail service \u2192 \u2717 example.com (no such address)");
  EXPECT_EQ(path(Cause::kDomainUnknown, Outcome::kFailed),
            "Our mail service \u2192 \u2717 example.com (no such domain)");
  EXPECT_EQ(path(Cause::kServerUnreachable, Outcome::kGaveUp),
            "Our mail service \u2192 \u2717 example.com (no answer)");
  EXPECT_EQ(path(Cause::kDeliveryTimedOut, Outcome::kGaveUp),
            "Our mail service \u2192 \u2717 example.com (no answer)");
  EXPECT_EQ(path(Cause::kMailboxFull, Outcome::kDelayed),
            "Our mail service \u2192 \u2026 example.com (mailbox full)");
  EXPECT_EQ(path(Cause::kGreylisted, Outcome::kDelayed),
            "Our mail service \u2192 \u2026 example.com (asks us to wait)");
}

TEST_F(NoticeTest, DelayedMailTellsWhoCanSpeedItUp) {
  const auto delayed = [](Cause cause) {
    auto anna = recipient("anna@example.com", cause, Outcome::kDelayed);
    anna.actor = Actor::kNobody;  // as the diagnosis has it
    anna.reply.code = 450;
    return unwrapped(user_part(write(anna)));
  };
  const std::string blocked = delayed(Cause::kReputationBlocked);
  EXPECT_THAT(blocked, HasSubstr("Your mail administrator may be able to speed this up."));
  EXPECT_THAT(blocked, HasSubstr("2. Forward this whole notice"));
  EXPECT_THAT(delayed(Cause::kMailboxFull), HasSubstr("Only the recipient can speed this up."));
  EXPECT_THAT(delayed(Cause::kServerUnreachable),
              HasSubstr("The problem is on the recipient's side."));
  EXPECT_THAT(delayed(Cause::kRecipientUnknown), HasSubstr("1. Check the address"));
  EXPECT_THAT(delayed(Cause::kMailboxFull), Not(HasSubstr("Check the address")))
      << "whose mailbox is full has no typo in it";
  EXPECT_THAT(delayed(Cause::kGreylisted), HasSubstr("1. Just wait."));
}

TEST_F(NoticeTest, ArrivalTellsWhichMessageItWasWhereNoneIsReturned) {
  Report bare = report();
  bare.returned = {};
  bare.arrival_date = Timestamp{kMonday, 3600};
  const auto anna = recipient("anna@example.com", Cause::kMailboxFull);
  EXPECT_THAT(user_part(write(bare, {anna})),
              HasSubstr("Sent:  Monday, 23 November 2026 at 09:12"));
  bare.returned = report().returned;
  bare.arrival_date = Timestamp{kMonday + kDay, 3600};
  EXPECT_THAT(user_part(write(bare, {anna})), Not(HasSubstr("Tuesday")));
}

TEST_F(NoticeTest, ExitStatusesGiveWayToTheWordsBesideThem) {
  auto anna = recipient("anna@example.com", Cause::kMailboxFull);
  anna.reply.text = "69";
  Report one = report();
  one.recipients.resize(1);
  one.recipients[0].diagnostic_type = "x-unix";
  one.recipients[0].passage = "mailbox full: quota exceeded";
  EXPECT_THAT(write(one, {anna}).text, HasSubstr("> mailbox full: quota exceeded"));
  anna.reply.text = "no space left";
  EXPECT_THAT(write(one, {anna}).text, HasSubstr("> no space left"));
}

TEST_F(NoticeTest, NoBlankLineStandsBelowAHeading) {
  const Notice notice =
      write(recipient("anna@example.com", Cause::kDelivered, Outcome::kDelivered));
  EXPECT_THAT(notice.text,
              HasSubstr("What this means for you\n-----------------------\nThere is no need"));
}

TEST_F(NoticeTest, AddressesThatTheHeadlineNamesAreNotListed) {
  std::vector<RecipientDiagnosis> all;
  for (const char* const name : {"anna", "ben", "carl", "dora"}) {
    all.push_back(recipient(std::string(name) + "@example.com", Cause::kMailboxFull));
  }
  EXPECT_THAT(write(report(), all).text, HasSubstr("\n- dora@example.com\n"));
  all.pop_back();
  EXPECT_THAT(write(report(), all).text, Not(HasSubstr("\n- anna@example.com\n")));
  all[1].facts.meant_address = "ben@example.org";
  all[1].cause = all[0].cause = all[2].cause = Cause::kRecipientUnknown;
  EXPECT_THAT(write(report(), all).text, HasSubstr("\n- anna@example.com\n"));
}

TEST_F(NoticeTest, MeantNewAndBlockListFactsAreTold) {
  RecipientDiagnosis one = recipient("anna@gmial.com", Cause::kDomainUnknown);
  one.facts.meant_address = "anna@gmail.com";
  EXPECT_THAT(write(one).text, HasSubstr("1. Did you mean anna@gmail.com?"));
  EXPECT_THAT(write(one).text, Not(HasSubstr("- anna@gmial.com"))) << "the step says it";
  one = recipient("anna@example.com", Cause::kRecipientMoved);
  one.facts.new_address = "anna@example.net";
  EXPECT_THAT(unwrapped(write(one).text), HasSubstr("gives this new address: anna@example.net"));
  one = recipient("anna@example.com", Cause::kReputationBlocked);
  one.facts.block_list = "zen.spamhaus.org";
  const std::string text = unwrapped(write(one).text);
  EXPECT_THAT(text, HasSubstr("The recipient's mail service says that our server is on "
                              "zen.spamhaus.org, a list of servers"));
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
  EXPECT_THAT(unwrapped(user_part(notice)), HasSubstr("The answer came from Google (Gmail)."));
}

// The words of a provider in the reply of somebody else's server don't make it the provider's.
TEST_F(NoticeTest, NoServerIsSaidToBeOfAProviderWhoseNameItDoesNotBear) {
  RecipientDiagnosis one = recipient("anna@example.net", Cause::kSenderAuthenticationFailed);
  one.facts.provider = "gmail";
  one.facts.provider_name = "Google (Gmail)";
  one.reply.code = 550;
  for (const char* host : {"mx1.example.net", "mx1.example.net.", "gmail.example.net"}) {
    one.facts.remote_host = host;
    const std::string text = write(one).text;
    EXPECT_THAT(unwrapped(text), HasSubstr("The answer came from the mail server")) << host;
    EXPECT_THAT(text, Not(HasSubstr("Google (Gmail)"))) << host;
  }
  for (const char* host : {"", "192.0.2.7", "[2001:db8::7]", "2001:db8::a", "MX.Google.COM"}) {
    one.facts.remote_host = host;
    EXPECT_THAT(write(one).text, HasSubstr("Google (Gmail)")) << host;
  }
}

TEST_F(NoticeTest, EveryProviderAndBlockListWithAdviceIsKnown) {
  for (const auto& [key, pattern] : catalogue_->messages("en").all()) {
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
              HasSubstr("The answer says that the problem is permanent."));
  EXPECT_THAT(notice.text, HasSubstr("reputation-blocked (failed, unsure)"));
  one.reply.code = 451;
  EXPECT_THAT(unwrapped(user_part(write(one))),
              HasSubstr("The answer says that the problem is temporary."));
}

TEST_F(NoticeTest, RefusalsOfOnesOwnSideStopThere) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kSuppressed);
  one.side = Side::kOurs;  // as the diagnosis has it
  one.reply.code = 550;
  one.facts.remote_host = "email-smtp.eu-west-1.amazonaws.com";
  one.facts.provider_name = "Amazon SES";
  const std::string text = user_part(write(one));
  EXPECT_THAT(text,
              HasSubstr("\u2717 Our mail service (address on a stop list) \u2192 example.com"));
  EXPECT_THAT(text, Not(HasSubstr("This answer came")));
}

TEST_F(NoticeTest, LikelyCausesSayThatTheyAreOnlyLikely) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kMailboxFull);
  EXPECT_THAT(write(one).text, Not(HasSubstr("most likely reason")));
  one.confidence = Confidence::kLikely;
  EXPECT_THAT(unwrapped(write(one).text), HasSubstr("this is the most likely reason"));
  one.evidence = status_evidence({5, 2, 2});
  EXPECT_THAT(unwrapped(write(one).text), HasSubstr("this is the most likely reason"));
  // What the server said in so many words.
  one.evidence = {.kind = Evidence::Kind::kRule, .rule = "x", .strength = Strength::kStrong};
  EXPECT_THAT(write(one).text, Not(HasSubstr("most likely reason")));
}

TEST_F(NoticeTest, MixedFatesHaveAHeadlineForTheWhole) {
  const Notice notice =
      write(report(), {recipient("anna@example.com", Cause::kMailboxFull),
                       recipient("bob@example.com", Cause::kRecipientUnknown),
                       recipient("carl@example.com", Cause::kServerBusy, Outcome::kDelayed),
                       recipient("dora@example.com", Cause::kDelivered, Outcome::kDelivered)});
  EXPECT_EQ(headline(notice),
            "Your message wasn't delivered to 2 addresses, is delayed for 1, and has reached 1");
  EXPECT_EQ(notice.subject, "Not delivered to some: \"Minutes of the meeting\"");
  EXPECT_THAT(notice.text, HasSubstr("Not delivered to anna@example.com: the mailbox is full"));
}

// First for whom, what became of it and what can be done; a success is told there alone.
TEST_F(NoticeTest, SeveralFatesAreSummedUpFirst) {
  const Notice notice =
      write(report(), {recipient("anna@example.com", Cause::kMailboxFull),
                       recipient("bob@example.com", Cause::kRecipientUnknown),
                       recipient("carl@example.com", Cause::kServerBusy, Outcome::kDelayed),
                       recipient("dora@example.com", Cause::kDelivered, Outcome::kDelivered)});
  const std::string text = unwrapped(notice.text);
  const std::string summary = text.substr(0, text.find("What you can do"));
  EXPECT_THAT(summary, HasSubstr("\u2717 Not delivered: the mailbox is full anna@example.com Your "
                                 "move: Tell the person"));
  EXPECT_THAT(summary, HasSubstr("\u2717 Not delivered: this address doesn't exist bob@example.com "
                                 "Your move: Check the address"));
  EXPECT_THAT(summary, HasSubstr("\u2026 Not delivered yet: the recipient's mail service was too "
                                 "busy carl@example.com Your move: Wait"));
  EXPECT_THAT(summary, HasSubstr("\u2713 Delivered dora@example.com"));
  const std::string told = unwrapped(user_part(notice));
  EXPECT_THAT(told.substr(told.find("What you can do")), Not(HasSubstr("dora@")));
  EXPECT_THAT(notice.html, HasSubstr("<th scope=\"row\""));
  EXPECT_THAT(write(recipient("anna@example.com", Cause::kMailboxFull)).html,
              Not(HasSubstr("<th scope")))
      << "one cause needs no summary";
}

TEST_F(NoticeTest, DetailsThatDifferByTheAddressAloneAreToldOnce) {
  const auto full = [](const std::string& address) {
    auto one = recipient(address, Cause::kMailboxFull);
    one.reply.text = "552 5.2.2 <" + address + ">: mailbox full";
    one.reply.code = 552;
    return one;
  };
  auto other = full("carl@example.com");
  other.reply.text += " since May";
  const std::string text =
      write(report(), {full("anna@example.com"), full("bob@example.com"), other}).text;
  EXPECT_THAT(text, HasSubstr("* anna@example.com and bob@example.com\n"));
  EXPECT_THAT(text, HasSubstr("* carl@example.com\n"));
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
  EXPECT_THAT(unwrapped(notice.text),
              HasSubstr("u18@example.com, u19@example.com and 280 more Cause:"));
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
  auto anna = recipient("anna@example.com", Cause::kMailboxFull);
  anna.final_recipient = "anna@gmail.com";
  anna.reply.code = 552;
  anna.facts.remote_host = "gmail-smtp-in.l.google.com";
  const Notice notice = write(anna);
  EXPECT_EQ(headline(notice),
            "Your message to anna@example.com was forwarded to anna@gmail.com and wasn't delivered "
            "there: the mailbox is full");
  const std::string text = unwrapped(user_part(notice));
  EXPECT_THAT(text, HasSubstr("Mail for anna@example.com is forwarded to anna@gmail.com"));
  EXPECT_THAT(text, HasSubstr("from the mail server gmail-smtp-in.l.google.com"));
  EXPECT_THAT(text, HasSubstr("gmail.com (mailbox full)"));
  anna.final_recipient = "anna@store7.example.com";
  EXPECT_THAT(user_part(write(anna)), Not(HasSubstr("store7")));
}

TEST_F(NoticeTest, ABrokenForwardIsNotTheSendersMistake) {
  auto board = recipient("board@example.com", Cause::kRecipientUnknown);
  board.final_recipient = "one@example.net";
  board.facts.meant_address = "one@example.org";
  auto other = board;
  other.final_recipient = "two@example.net";
  const Notice notice = write(report(), {board, other});
  const std::string text = unwrapped(user_part(notice));
  EXPECT_THAT(headline(notice),
              HasSubstr("was forwarded to one@example.net and two@example.net and wasn't "
                        "delivered there: these addresses don't exist"));
  EXPECT_THAT(text, HasSubstr("Only the recipients can fix this."));
  EXPECT_THAT(text, HasSubstr("1. Tell those who get mail at board@example.com"));
  EXPECT_THAT(text, Not(HasSubstr("letter by letter")));
  EXPECT_THAT(text, Not(HasSubstr("Did you mean")));
}

TEST_F(NoticeTest, FaultsOfTheReportingServerAreOurs) {
  auto anna = recipient("anna@example.edu", Cause::kServerError);
  anna.side = Side::kOurs;
  anna.actor = actor_of(knowledge_->cause(anna.cause), anna.side);
  const std::string text = unwrapped(user_part(write(anna)));
  EXPECT_THAT(text, HasSubstr("our own mail service has a technical problem"));
  EXPECT_THAT(text, HasSubstr("Your mail administrator needs to look into this."));
  EXPECT_THAT(text, HasSubstr("\u2717 Our mail service (technical problem)"));
  EXPECT_THAT(text, Not(HasSubstr("other side")));
  anna = recipient("anna@example.edu", Cause::kServerError);
  EXPECT_THAT(unwrapped(user_part(write(anna))),
              HasSubstr("The problem is on the recipient's side."));
  anna.side = Side::kUnknown;
  anna.actor = actor_of(knowledge_->cause(anna.cause), anna.side);
  const std::string unknown = unwrapped(user_part(write(anna)));
  EXPECT_THAT(unknown, HasSubstr("a mail service along the way has a technical problem"));
  EXPECT_THAT(unknown, HasSubstr("1. Forward this whole notice"));
  EXPECT_THAT(unknown, Not(HasSubstr("other side")));
}

TEST_F(NoticeTest, AnswersOfTheReportingServerAreNotTheirs) {
  auto anna = recipient("anna@example.edu", Cause::kMailboxFull);
  anna.reply.code = 552;
  anna.facts.remote_host = "mx.example.com";
  for (const Side side : {Side::kOurs, Side::kUnknown}) {
    anna.side = side;
    EXPECT_THAT(unwrapped(user_part(write(anna))), Not(HasSubstr("The answer came")));
  }
  anna.side = Side::kTheirs;
  EXPECT_THAT(unwrapped(user_part(write(anna))), HasSubstr("The answer came"));
}

TEST_F(NoticeTest, PassingCausesSayWhyNothingIsTriedAgain) {
  auto anna = recipient("anna@example.com", Cause::kGreylisted);
  anna.reply.code = 550;
  EXPECT_THAT(unwrapped(user_part(write(anna))), HasSubstr("The answer was final"));
  anna.reply.code = 450;
  EXPECT_THAT(unwrapped(user_part(write(anna))), Not(HasSubstr("final all the same")));
  anna.reply.code = 550;
  anna.outcome = Outcome::kGaveUp;
  EXPECT_THAT(unwrapped(user_part(write(anna))), Not(HasSubstr("final all the same")));
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

// What it says more, `plainbounce explain` tells.
TEST_F(NoticeTest, ACodeIsToldInOneLine) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kMailboxFull);
  one.reply.code = 552;
  const std::string text = unwrapped(write(one).text);
  EXPECT_THAT(text, HasSubstr("552: Storage limit exceeded"));
  EXPECT_THAT(text, Not(HasSubstr(knowledge_->codes().reply_code(552)->explanation)));
}

// No bounce parser may find a recipient where the server's own notice names none.
}  // namespace
}  // namespace plainbounce

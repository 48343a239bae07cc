// Notices about several recipients: a row for each fate, and nothing told twice.
#include <fmt/format.h>

#include "tests/unit/notice_fixture.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;

class SeveralRecipientsTest : public NoticeFixture {
 protected:
  // Three causes, of which two are told with the same steps, and a success.
  static std::vector<RecipientDiagnosis> seven() {
    std::vector<RecipientDiagnosis> all;
    for (const char* const name : {"ada", "bo", "cem"}) {
      all.push_back(recipient(fmt::format("{}@example.com", name), Cause::kRecipientUnknown));
    }
    all.push_back(recipient("dina@example.com", Cause::kMailboxFull));
    all.push_back(recipient("emil@example.com", Cause::kMailboxFull));
    all.push_back(recipient("fay@exampel.example", Cause::kDomainUnknown));
    all.push_back(recipient("gus@example.com", Cause::kDelivered, Outcome::kDelivered));
    for (RecipientDiagnosis& each : all) {
      if (each.outcome == Outcome::kDelivered) continue;
      each.reply.code = 550;
      each.reply.text = fmt::format("550 <{}>: refused", each.address);
    }
    return all;
  }

  static std::size_t count(const std::string& text, std::string_view part) {
    std::size_t result = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
      ++result;
    }
    return result;
  }
};

TEST_F(SeveralRecipientsTest, ATableSaysWhoWhatAndWhoseMove) {
  const Notice notice = write(report(), seven());
  EXPECT_THAT(notice.text, HasSubstr("\n\n\u2717 Not delivered: the mailboxes are full\n"
                                     "    dina@example.com\n    emil@example.com\n"
                                     "  Your move: Tell the person\n\n"));
  EXPECT_THAT(notice.text, HasSubstr("\n\n\u2713 Delivered\n    gus@example.com\n\n"));
  EXPECT_EQ(count(notice.html, "<th scope=\"col\""), 3U);
  EXPECT_EQ(count(notice.html, "<th scope=\"row\""), 4U);
  EXPECT_THAT(notice.html, HasSubstr("aria-label=\"What happened to each address\""));
  EXPECT_THAT(notice.html, HasSubstr("<bdi>dina<wbr>@example.com</bdi>"));
  expect_balanced(notice.html);
  expect_narrow(notice.text);
}

TEST_F(SeveralRecipientsTest, TheSameStepsAreToldOnceWithAllTheirNames) {
  const Notice notice = write(report(), seven());
  for (const std::string& form : {notice.text, notice.html}) {
    EXPECT_EQ(count(unwrapped(form), "Type the addresses in full"), 1U);
    EXPECT_EQ(count(form, "What you can do"), 2U);
  }
  EXPECT_THAT(notice.text,
              HasSubstr("What you can do: ada@example.com, bo@example.com and 2 more\n"));
}

TEST_F(SeveralRecipientsTest, OneAndTwoPeopleShareSteps) {
  const Notice notice = write(report(), {recipient("a@x.example", Cause::kReputationBlocked),
                                         recipient("b@y.example", Cause::kReverseDnsMissing),
                                         recipient("c@y.example", Cause::kReverseDnsMissing)});
  EXPECT_EQ(count(notice.text, "\n1. "), 1U) << notice.text;
  EXPECT_THAT(unwrapped(notice.text), HasSubstr("reach these people another way"));
  EXPECT_THAT(notice.text, HasSubstr("\nWhat you can do\n----")) << "there is nothing else to do";
}

TEST_F(SeveralRecipientsTest, ASuccessIsOneLine) {
  const Notice notice = write(report(), seven());
  EXPECT_EQ(count(user_part(notice), "gus@example.com"), 1U);
  EXPECT_THAT(user_part(notice), Not(HasSubstr("has been put into")));
}

TEST_F(SeveralRecipientsTest, TheSameTechnicalEntryStandsOnceWithAllAddresses) {
  const Notice notice = write(report(), seven());
  EXPECT_THAT(notice.text, HasSubstr("* ada@example.com, bo@example.com and cem@example.com\n"));
  EXPECT_EQ(count(notice.text, "recipient-unknown (failed, certain)"), 1U);
  std::vector<RecipientDiagnosis> differ = seven();
  differ[1].reply.text = "550 another answer";
  const std::string text = write(report(), differ).text;
  EXPECT_THAT(text, HasSubstr("* ada@example.com and cem@example.com\n"));
  EXPECT_THAT(text, HasSubstr("* bo@example.com\n"));
  EXPECT_THAT(text, HasSubstr("> 550 another answer"));
}

TEST_F(SeveralRecipientsTest, WhatIsTrueOfEveryEntryStandsAboveThem) {
  std::vector<RecipientDiagnosis> all = seven();
  for (RecipientDiagnosis& each : all) each.facts.last_attempt = Timestamp{kMonday, 0};
  EXPECT_EQ(count(write(report(), all).text, "Last attempt:"), 1U);
  all[0].facts.last_attempt = Timestamp{kMonday + 60, 0};
  EXPECT_GT(count(write(report(), all).text, "Last attempt:"), 1U);
}

TEST_F(SeveralRecipientsTest, AThousandStaySmallAndAreCounted) {
  for (const std::size_t causes : {std::size_t{1}, std::size_t{3}, kCauseCount}) {
    std::vector<RecipientDiagnosis> all;
    for (std::size_t i = 0; i < 1000; ++i) {
      all.push_back(recipient(fmt::format("somebody.{}@department.example.com", i),
                              static_cast<Cause>(i % causes)));
      all.back().reply.text = fmt::format("550 5.1.1 <{}>: refused", all.back().address);
      all.back().reply.code = 550;
    }
    const Notice notice = write(report(), all);
    EXPECT_LT(notice.html.size(), 40000U) << causes;
    EXPECT_THAT(notice.html, HasSubstr("more addresses")) << causes;
    EXPECT_THAT(notice.text, HasSubstr("more addresses")) << causes;
    expect_balanced(notice.html);
    expect_narrow(notice.text);
  }
}

TEST_F(SeveralRecipientsTest, TheSubjectSaysSomeWhereOthersGotIt) {
  const auto full = recipient("a@x.example", Cause::kMailboxFull);
  const auto slow = recipient("b@x.example", Cause::kServerBusy, Outcome::kDelayed);
  const auto done = recipient("c@x.example", Cause::kDelivered, Outcome::kDelivered);
  const auto unknown = recipient("d@x.example", Cause::kRecipientUnknown);
  const std::string quoted = "\"Minutes of the meeting\"";
  EXPECT_EQ(write(report(), {full, done}).subject,
            "Not delivered to some: the mailbox is full (" + quoted + ")");
  EXPECT_EQ(write(report(), {full, unknown, done}).subject, "Not delivered to some: " + quoted);
  EXPECT_EQ(write(report(), {full, slow, done}).subject,
            "Not delivered to some: the mailbox is full (" + quoted + ")");
  EXPECT_EQ(
      write(report(), {slow, done}).subject,
      "Not delivered to some yet: the recipient's mail service was too busy (" + quoted + ")");
  EXPECT_EQ(write(report(), {full, unknown}).subject, "Not delivered: " + quoted);
  auto later = full;
  later.address = "e@x.example";
  later.outcome = Outcome::kGaveUp;
  EXPECT_EQ(write(report(), {full, later}).subject,
            "Not delivered: the mailboxes are full (" + quoted + ")");
}

// A report seldom names those that the message has reached.
TEST_F(SeveralRecipientsTest, TheSubjectSaysSomeWhereToAndCcNameOthers) {
  Report one = report();
  one.returned.cc = {{"", "bob@example.org"}};
  const auto anna = recipient("anna@example.com", Cause::kMailboxFull);
  EXPECT_THAT(write(one, {anna}).subject,
              testing::StartsWith("Not delivered to some: the mailbox"));
  const auto hidden = recipient("hidden@example.net", Cause::kMailboxFull);
  EXPECT_THAT(write(one, {hidden}).subject, testing::StartsWith("Not delivered: the mailbox"))
      << "it may be about Anna, by another name";
}

TEST_F(SeveralRecipientsTest, TheMoveIsWhatTheFirstStepSays) {
  const auto move_of = [](const RecipientDiagnosis& one) {
    const std::string text =
        write(report(), {one, recipient("z@x.example", Cause::kDelivered, Outcome::kDelivered)})
            .text;
    const std::size_t begin = text.find("Your move: ") + 11;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  EXPECT_EQ(move_of(recipient("a@x.example", Cause::kRecipientUnknown)), "Check the address");
  EXPECT_EQ(move_of(recipient("a@x.example", Cause::kServerBusy, Outcome::kDelayed)), "Wait");
  EXPECT_EQ(move_of(recipient("a@x.example", Cause::kRecipientRestricted)), "Ask to be allowed");
  auto ours = recipient("a@x.example", Cause::kServerError);
  ours.side = Side::kOurs;
  EXPECT_EQ(move_of(ours), "Ask your mail administrator");
  auto forwarded = recipient("a@x.example", Cause::kRecipientUnknown);
  forwarded.final_recipient = "b@y.example";
  EXPECT_EQ(move_of(forwarded), "Tell the person");
}

TEST_F(SeveralRecipientsTest, EveryCauseHasAMove) {
  for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
    for (std::size_t outcome = 0; outcome < kOutcomeCount; ++outcome) {
      for (const Side side : {Side::kOurs, Side::kTheirs, Side::kUnknown}) {
        for (const auto& [confidence, code] :
             {std::pair{Confidence::kCertain, 450}, std::pair{Confidence::kCertain, 550},
              std::pair{Confidence::kUnsure, 550}}) {
          auto one =
              recipient("a@x.example", static_cast<Cause>(cause), static_cast<Outcome>(outcome));
          one.side = side;
          one.confidence = confidence;
          one.reply.code = code;
          const Notice notice =
              write(report(), {one, recipient("z@x.example", Cause::kGreylisted)});
          EXPECT_THAT(notice.html, Not(HasSubstr("\"></td></tr>"))) << notice.text;
        }
      }
    }
  }
}

}  // namespace
}  // namespace plainbounce

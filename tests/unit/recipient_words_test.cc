#include "lib/report/prose/recipient_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/report/prose/prose_lines.h"
#include "tests/unit/reading.h"

namespace plainbounce {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> passages(std::string_view text,
                                  const std::vector<std::string>& addresses) {
  std::vector<RecipientReport> recipients;
  for (const std::string& address : addresses) {
    recipients.emplace_back().final_recipient = address;
  }
  add_passages(text, built_in_phrases(), recipients);
  std::vector<std::string> found;
  for (const RecipientReport& recipient : recipients) found.push_back(recipient.passage);
  return found;
}

TEST(Passage, PostfixParagraphGoesOnToTheEmptyLine) {
  EXPECT_THAT(
      passages("Words.\n\n"
               "<a@x.example>: host mx[192.0.2.1] said: 550 5.1.1\n"
               "    <a@x.example>: no such\n    user (in reply to RCPT TO command)\n\n"
               "<b@x.example> (expanded from <a@x.example>): mailbox full\n",
               {"a@x.example", "B@X.example"}),
      ElementsAre("host mx[192.0.2.1] said: 550 5.1.1 <a@x.example>: no such user (in reply "
                  "to RCPT TO command)",
                  "mailbox full"));
}

TEST(Passage, EximsDeeperLinesBelongToTheAddressAboveThem) {
  EXPECT_THAT(passages("The following address(es) failed:\n\n"
                       "  b@x.example\n"
                       "    host mx.example [192.0.2.1]\n"
                       "    550 <b@x.example> unknown\n"
                       "  a@x.example\n"
                       "    (generated from all@x.example)\n"
                       "    mailbox full\n\n",
                       {"a@x.example", "b@x.example", "all@x.example"}),
              ElementsAre("(generated from all@x.example) mailbox full",
                          "host mx.example [192.0.2.1] 550 <b@x.example> unknown",
                          "(generated from all@x.example) mailbox full"));
}

TEST(Passage, OpenSmtpdHasOneLineForEach) {
  EXPECT_THAT(passages("a@x.example: 550 no such user\nb@x.example: 552 full\n",
                       {"a@x.example", "b@x.example"}),
              ElementsAre("550 no such user", "552 full"));
}

TEST(Passage, QmailsReasonFollowsTheAddress) {
  EXPECT_THAT(
      passages("<a@x.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 x\n"
               "Giving up on 192.0.2.1.\n\n<b@x.example>:\nThis user is gone. (#5.1.1)\n",
               {"a@x.example", "b@x.example"}),
      ElementsAre("192.0.2.1 does not like recipient. Remote host said: 550 x Giving up on "
                  "192.0.2.1.",
                  "This user is gone. (#5.1.1)"));
}

TEST(Passage, WordsMayFollowAfterAnEmptyLine) {
  EXPECT_THAT(
      passages("We couldn't deliver to\n\na@x.example\n\nbecause: the mailbox is full\n\nBye\n",
               {"a@x.example"}),
      ElementsAre("because: the mailbox is full"));
}

TEST(Passage, OtherLinesThatMentionTheAddressAreTaken) {
  EXPECT_THAT(passages("Subject: a@x.example\nTo: a@x.example\n\nYour message to a@x.example was\n"
                       "blocked.\n\nBye\n",
                       {"a@x.example"}),
              ElementsAre("Your message to a@x.example was blocked."));
}

TEST(Passage, LinkedAddressIsNotRepeated) {
  EXPECT_THAT(
      passages("a@x.example (a@x.example)<mailto:a@x.example>\nNo such user.\n", {"a@x.example"}),
      ElementsAre("No such user."));
}

TEST(Passage, UnmentionedRecipientHasNone) {
  EXPECT_THAT(passages("<aa@x.example>: full\n<a@x.example.org>: full\n", {"a@x.example"}),
              ElementsAre(""));
}

constexpr std::string_view kSendmailSession =
    "   ----- The following addresses had permanent fatal errors -----\n"
    "<a@x.example>\n"
    "    (reason: 550-5.7.1 first line)\n"
    "<b@y.example>\n"
    "    (reason: 552 5.2.2 full)\n"
    "    (expanded from: <all@x.example>)\n"
    "\n"
    "   ----- Transcript of session follows -----\n"
    "... while talking to mx.x.example.:\n"
    ">>> DATA\n"
    "<<< 550-5.7.1 first line\n"
    "<<< 550 5.7.1 second  line\n"
    "550 5.1.1 <a@x.example>... User unknown\n"
    "<<< 503 5.5.1 no valid recipients\n"
    "... while talking to mx.y.example.:\n"
    ">>> RCPT To:<b@y.example>\n"
    "<<< 552 5.2.2 full\n"
    "552 5.2.2 <b@y.example>... Mailbox full\n";

TEST(Passage, SendmailsTranscriptIsSharedOutByAddress) {
  EXPECT_THAT(passages(kSendmailSession, {"a@x.example", "b@y.example"}),
              ElementsAre("... while talking to mx.x.example.: >>> DATA <<< 550-5.7.1 first line "
                          "<<< 550 5.7.1 second line 550 5.1.1 <a@x.example>... User unknown",
                          "... while talking to mx.y.example.: >>> RCPT To:<b@y.example> <<< 552 "
                          "5.2.2 full 552 5.2.2 <b@y.example>... Mailbox full"));
}

TEST(Passage, SendmailsReasonStandsInFrontWhereTheTranscriptLacksIt) {
  EXPECT_THAT(
      passages("<a@x.example>\n    (reason: Service unavailable)\n\n"
               "   ----- Transcript of session follows -----\n"
               "mailbox full: quota exceeded\n554 5.0.0 unavailable\n",
               {"a@x.example"}),
      ElementsAre("Service unavailable mailbox full: quota exceeded 554 5.0.0 unavailable"));
}

TEST(Passage, SendmailNamesItsUsersWithoutADomain) {
  std::vector<RecipientReport> recipients(2);
  recipients[0].final_recipient = "alias@example.test";
  recipients[0].actual_recipient = "user@mail.example.test";
  recipients[1].final_recipient = "other@example.test";
  add_passages(
      "user\n    (reason: User unknown)\n    (expanded from: <alias@example.test>)\n\n"
      "   ----- Transcript of session follows -----\n"
      "550 5.1.1 user... User unknown\n",
      built_in_phrases(), recipients);
  EXPECT_EQ(recipients[0].passage, "550 5.1.1 user... User unknown");
  EXPECT_EQ(recipients[1].passage, "");
}

TEST(Passage, TheParagraphAboveTheAddressesSpeaksWhereNothingElseDoes) {
  constexpr const char* kText =
      "This is a report.\n\n"
      "Unable to deliver to these,\nsince the server was down.\n\n"
      "       a@x.example\n       b@x.example\n\n\n";
  EXPECT_THAT(passages(kText, {"a@x.example", "b@x.example"}),
              ElementsAre("Unable to deliver to these, since the server was down.",
                          "Unable to deliver to these, since the server was down."));
  std::vector<RecipientReport> recipients(1);
  recipients[0].final_recipient = "a@x.example";
  recipients[0].diagnostic = "550 no";
  add_passages(kText, built_in_phrases(), recipients);
  EXPECT_EQ(recipients[0].passage, "");
}

TEST(Passage, AnIndentedHeaderLineIsNoMention) {
  EXPECT_THAT(passages("  To: a@x.example\n  Subject: words\n\n"
                       "  Recipient address: a@x.example\n  Reason: Over quota\n",
                       {"a@x.example"}),
              ElementsAre("Recipient address: a@x.example Reason: Over quota"));
}

TEST(Passage, LengthIsBounded) {
  std::string text = "<a@x.example>: ";
  for (int i = 0; i < 5000; ++i) text += "ü\n    ü";
  text += "\n   ----- Transcript of session follows -----\n";
  for (int i = 0; i < 5000; ++i) text += "<<< 550 words\n";
  EXPECT_LE(passages(text, {"a@x.example"}).at(0).size(), kMaxPassage);
}

// The forms of bounces that have no delivery-status block: what the reply is for each recipient.
std::vector<std::string> replies(std::string_view words,
                                 const std::vector<std::string>& addresses) {
  std::vector<RecipientReport> recipients;
  for (const std::string& address : addresses) {
    recipients.emplace_back().final_recipient = address;
  }
  take_words(words, "Mail failed", built_in_phrases(), recipients);
  std::vector<std::string> found;
  for (const RecipientReport& recipient : recipients) found.push_back(recipient.diagnostic);
  return found;
}

TEST(TakenWords, AReplyIsTakenFromTheRecipientsOwnLines) {
  EXPECT_THAT(replies("<a@x.example>\n  server said:\n  550 5.1.1 no such\n  user\n\n"
                      "<b@x.example>\n  it was: 552 full\n\nBye\n",
                      {"a@x.example", "b@x.example"}),
              ElementsAre("550 5.1.1 no such user", "552 full"));
}

TEST(TakenWords, QmailsReasonIsTakenWhereThereIsNoReply) {
  EXPECT_THAT(replies("I was not able to deliver your message to the following addresses.\n\n"
                      "<a@x.example>:\nThis user is gone. (#5.1.1)\n\n"
                      "<b@x.example>:\n\nNo room.\n",
                      {"a@x.example", "b@x.example"}),
              ElementsAre("This user is gone. (#5.1.1)", "No room."));
}

TEST(TakenWords, SendmailsTranscriptIsTakenFirst) {
  EXPECT_THAT(replies(kSendmailSession, {"b@y.example", "c@z.example"}),
              ElementsAre("... while talking to mx.y.example.: >>> RCPT To:<b@y.example> <<< 552 "
                          "5.2.2 full 552 5.2.2 <b@y.example>... Mailbox full",
                          "550-5.7.1 first line) <b@y.example> (reason: 552 5.2.2 full) (expanded "
                          "from: <all@x.example>)"));
}

TEST(TakenWords, TheReplyIsEveryonesWhereNobodyIsNamed) {
  EXPECT_THAT(replies("Sorry.\n\n450 later\n", {"a@x.example", "b@x.example"}),
              ElementsAre("450 later", "450 later"));
}

TEST(TakenWords, ThePassageOfOneOfSeveralIsItsOwnLines) {
  std::vector<RecipientReport> recipients(3);
  recipients[0].final_recipient = "a@x.example";
  recipients[1].final_recipient = "b@x.example";
  recipients[2].final_recipient = "c@x.example";
  take_words("a@x.example: has moved away\nb@x.example\n", "Sorry", built_in_phrases(), recipients);
  EXPECT_EQ(recipients[0].passage, "a@x.example: has moved away");
  EXPECT_EQ(recipients[1].passage, "Sorry. a@x.example: has moved away b@x.example");
  EXPECT_EQ(recipients[2].passage, recipients[1].passage);
}

}  // namespace
}  // namespace plainbounce

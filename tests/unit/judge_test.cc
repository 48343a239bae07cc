#include "lib/diagnosis/judge.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lib/diagnosis/diagnose.h"
#include "tests/unit/report_on.h"

namespace plainbounce {
namespace {

// Words that no other rule knows, one of each strength and one on expiry.
constexpr const char* kRules = R"(
[[rule]]
id = "test-decisive"
cause = "virus-detected"
strength = "decisive"
pattern = 'qqdecisive'
examples = ["qqdecisive"]

[[rule]]
id = "test-strong"
cause = "attachment-refused"
pattern = 'qqstrong'
examples = ["qqstrong"]

[[rule]]
id = "test-agreeing"
cause = "recipient-unknown"
pattern = 'qqagreeing'
examples = ["qqagreeing"]

[[rule]]
id = "test-full"
cause = "mailbox-full"
pattern = 'qqfull'
examples = ["qqfull"]

[[rule]]
id = "test-broken"
cause = "server-error"
pattern = 'qqbroken'
examples = ["qqbroken"]

[[rule]]
id = "test-hint"
cause = "greylisted"
strength = "hint"
pattern = 'qqhint(?: (?P<retry_after>\d+ minutes))?'
examples = ["qqhint"]

[[rule]]
id = "test-moved"
cause = "recipient-moved"
pattern = '^551 qqmoved (?P<new_address>\S+@\S+)'
examples = ["551 qqmoved a@b.example"]

[[rule]]
id = "test-provider"
cause = "recipient-unknown"
providers = ["gmail"]
pattern = 'qqgmail'
examples = [{ text = "qqgmail", host = "gmail-smtp-in.l.google.com" }]

[[rule]]
id = "test-expiry"
cause = "delivery-timed-out"
pattern = 'qqexpired'
examples = ["qqexpired"]
)";

class JudgeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto directory =
        std::filesystem::path(testing::TempDir()) / fmt::format("judge_test.{}", getpid());
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "test.toml") << kRules;
    // Rules and codes alone; what the learned model adds is second_reader_test's.
    Knowledge rules_and_codes = Knowledge::load(directory);
    rules_and_codes.set_cause_model({});
    knowledge_ = new Knowledge(std::move(rules_and_codes));
    std::filesystem::remove_all(directory);
  }
  static void TearDownTestSuite() {
    delete knowledge_;
    knowledge_ = nullptr;
  }

  static RecipientDiagnosis judged(std::string_view text) {
    return diagnose_text(text, "", *knowledge_);
  }

  static inline const Knowledge* knowledge_ = nullptr;
};

TEST_F(JudgeTest, StrongerEvidenceDecides) {
  struct Case {
    const char* text;
    const char* evidence;
  };
  // Each differs from the next by the evidence that decides.
  for (const Case& c :
       {Case{"550 5.1.1 qqdecisive qqstrong qqhint", "rule:test-decisive"},
        Case{"550 5.1.1 qqstrong qqhint", "rule:test-strong"},
        Case{"550 5.1.1 qqhint", "status:5.1.1"}, Case{"550 5.2.1 qqhint", "status:5.2.1"},
        Case{"550 5.7.1 qqhint", "rule:test-hint"}, Case{"450 qqhint", "rule:test-hint"},
        Case{"599 qqnothing", "class:5"}, Case{"qqnothing", "none"}}) {
    EXPECT_EQ(to_string(judged(c.text).evidence), c.evidence) << c.text;
  }
}

TEST_F(JudgeTest, CertainNeedsDecisiveWordsOrTwoWitnesses) {
  EXPECT_EQ(judged("qqdecisive").confidence, Confidence::kCertain);
  EXPECT_EQ(judged("550 5.1.1 qqagreeing").confidence, Confidence::kCertain);
  EXPECT_EQ(judged("554 5.6.0 qqagreeing").confidence, Confidence::kLikely);
  EXPECT_EQ(judged("qqstrong").confidence, Confidence::kLikely);
  EXPECT_EQ(judged("qqhint").confidence, Confidence::kUnsure);
  EXPECT_EQ(judged("qqnothing").confidence, Confidence::kUnsure);
}

TEST_F(JudgeTest, ExpiryYieldsToWhatKeptFailing) {
  const RecipientDiagnosis both = judged("450 qqexpired qqstrong");
  EXPECT_EQ(both.cause, Cause::kAttachmentRefused);
  EXPECT_EQ(both.outcome, Outcome::kGaveUp);
  const RecipientDiagnosis alone = judged("qqexpired");
  EXPECT_EQ(alone.cause, Cause::kDeliveryTimedOut);
  EXPECT_EQ(alone.outcome, Outcome::kGaveUp);
}

TEST_F(JudgeTest, TheWinningRulesCapturesBecomeFacts) {
  EXPECT_EQ(judged("450 qqhint 5 minutes").facts.retry_after, 300);
  EXPECT_FALSE(judged("450 qqstrong qqhint 5 minutes").facts.retry_after);
}

TEST_F(JudgeTest, ACodeThatIsOverloadedNeverMakesSure) {
  const RecipientDiagnosis found = judged("554 5.7.1");
  EXPECT_EQ(found.confidence, Confidence::kUnsure);
}

// The same letters may stand in another's reply for something else.
TEST_F(JudgeTest, AProvidersCodeDecidesInNoOthersReply) {
  const char* const text = "550 qqgmail OFR_506";
  EXPECT_EQ(diagnose_text(text, "smtp-in.orange.fr", *knowledge_).cause, Cause::kSpamSuspected);
  EXPECT_EQ(judged("550 OFR_506").cause, Cause::kSpamSuspected);
  EXPECT_EQ(diagnose_text(text, "gmail-smtp-in.l.google.com", *knowledge_).cause,
            Cause::kRecipientUnknown);
}

TEST_F(JudgeTest, OutcomesFollowTheAction) {
  struct Case {
    Action action;
    EnhancedStatus status;
    Outcome outcome;
    Cause cause;
  };
  for (const Case& c :
       {Case{Action::kFailed, {5, 1, 1}, Outcome::kFailed, Cause::kRecipientUnknown},
        Case{Action::kFailed, {4, 4, 1}, Outcome::kGaveUp, Cause::kServerUnreachable},
        Case{Action::kFailed, {4, 4, 7}, Outcome::kGaveUp, Cause::kDeliveryTimedOut},
        Case{Action::kFailed, {4, 0, 0}, Outcome::kGaveUp, Cause::kDeliveryTimedOut},
        Case{Action::kDelayed, {4, 4, 1}, Outcome::kDelayed, Cause::kServerUnreachable},
        Case{Action::kDelivered, {2, 0, 0}, Outcome::kDelivered, Cause::kDelivered},
        Case{Action::kRelayed, {2, 0, 0}, Outcome::kRelayed, Cause::kRelayed},
        Case{Action::kExpanded, {2, 0, 0}, Outcome::kExpanded, Cause::kExpanded},
        Case{Action::kNone, {4, 4, 1}, Outcome::kDelayed, Cause::kServerUnreachable},
        Case{Action::kNone, {5, 1, 1}, Outcome::kFailed, Cause::kRecipientUnknown}}) {
    RecipientReport recipient;
    recipient.action = c.action;
    recipient.status = c.status;
    const Diagnosis diagnosis = diagnose(report_on(recipient), *knowledge_);
    ASSERT_EQ(diagnosis.recipients.size(), 1U);
    EXPECT_EQ(id_of(diagnosis.recipients[0].outcome), id_of(c.outcome));
    EXPECT_EQ(id_of(diagnosis.recipients[0].cause), id_of(c.cause));
  }
}

TEST_F(JudgeTest, WhatCantPassIsNotGivenUp) {
  RecipientReport recipient;
  recipient.action = Action::kFailed;
  recipient.status = EnhancedStatus{4, 0, 0};
  recipient.diagnostic = "550 5.1.2 no such domain";
  const Diagnosis diagnosis = diagnose(report_on(recipient), *knowledge_);
  EXPECT_EQ(id_of(diagnosis.recipients[0].cause), "domain-unknown");
  EXPECT_EQ(id_of(diagnosis.recipients[0].outcome), "failed");
}

TEST_F(JudgeTest, ACodeOfOneProviderOnlyIsAHintWhoeverSendsIt) {
  const RecipientDiagnosis found = diagnose_text("550 5.7.606", "", *knowledge_);
  EXPECT_EQ(id_of(found.cause), "reputation-blocked");
  EXPECT_EQ(id_of(found.confidence), "unsure");
}

TEST_F(JudgeTest, TheAddressIsTheOneThatTheSenderUsed) {
  RecipientReport recipient;
  recipient.final_recipient = "bob@example.net";
  EXPECT_EQ(diagnose(report_on(recipient), *knowledge_).recipients[0].address, "bob@example.net");
  recipient.original_recipient = "info@example.org";
  Report report = report_on(recipient);
  // Anybody may have asked for a report with this name in it.
  EXPECT_EQ(diagnose(report, *knowledge_).recipients[0].address, "bob@example.net");
  report.returned.cc = {{"", "Info@example.org"}};
  const Diagnosis diagnosis = diagnose(report, *knowledge_);
  EXPECT_EQ(diagnosis.recipients[0].address, "info@example.org");
  EXPECT_EQ(diagnosis.recipients[0].final_recipient, "bob@example.net");
}

TEST_F(JudgeTest, NobodyNeedsToActOnADelay) {
  RecipientReport recipient;
  recipient.action = Action::kDelayed;
  recipient.status = EnhancedStatus{4, 2, 2};
  EXPECT_EQ(diagnose(report_on(recipient), *knowledge_).recipients[0].actor, Actor::kNobody);
  recipient.action = Action::kFailed;
  EXPECT_EQ(diagnose(report_on(recipient), *knowledge_).recipients[0].actor, Actor::kRecipient);
}

TEST_F(JudgeTest, TheReplysOwnCodeBeatsAStatusThatSaysNothing) {
  RecipientReport recipient;
  recipient.action = Action::kFailed;
  recipient.status = EnhancedStatus{5, 0, 0};
  recipient.diagnostic = "550 5.1.1 qqnothing";
  const Diagnosis diagnosis = diagnose(report_on(recipient), *knowledge_);
  EXPECT_EQ(diagnosis.recipients[0].status, (EnhancedStatus{5, 1, 1}));
  recipient.diagnostic = "550 5.0.0 qqnothing";
  recipient.status = EnhancedStatus{5, 1, 1};
  EXPECT_EQ(diagnose(report_on(recipient), *knowledge_).recipients[0].status,
            (EnhancedStatus{5, 1, 1}));
}

TEST_F(JudgeTest, TheNotificationSpeaksWhereTheDiagnosticIsSilent) {
  RecipientReport recipient;
  recipient.action = Action::kFailed;
  recipient.diagnostic = "550 qqnothing";
  recipient.passage = "host mx.example.org said: 550 qqstrong";
  const Diagnosis diagnosis = diagnose(report_on(recipient), *knowledge_);
  EXPECT_EQ(diagnosis.recipients[0].cause, Cause::kAttachmentRefused);
}

TEST_F(JudgeTest, WhatWasTriedOnceHasFailed) {
  RecipientReport recipient;
  recipient.action = Action::kFailed;
  recipient.status = EnhancedStatus{4, 2, 2};
  Report report = report_on(recipient);
  report.arrival_date = Timestamp{1000, 0};
  report.date = Timestamp{1003, 0};
  EXPECT_EQ(diagnose(report, *knowledge_).recipients[0].outcome, Outcome::kFailed);
  report.date = Timestamp{1000 + 3600, 0};
  EXPECT_EQ(diagnose(report, *knowledge_).recipients[0].outcome, Outcome::kGaveUp);
  report.recipients[0].last_attempt = Timestamp{1001, 0};
  EXPECT_EQ(diagnose(report, *knowledge_).recipients[0].outcome, Outcome::kFailed);
  report.by_postfix = true;
  EXPECT_EQ(diagnose(report, *knowledge_).recipients[0].outcome, Outcome::kGaveUp);
}

TEST_F(JudgeTest, AnExpiredActionIsGivingUp) {
  RecipientReport recipient;
  recipient.action_text = "expired";
  recipient.diagnostic = "qqstrong";
  const RecipientDiagnosis found = diagnose(report_on(recipient), *knowledge_).recipients[0];
  EXPECT_EQ(found.outcome, Outcome::kGaveUp);
  EXPECT_EQ(found.cause, Cause::kAttachmentRefused);
}

TEST_F(JudgeTest, TheFinalRecipientIsAMailAddress) {
  const auto final_recipient = [](const char* actual, const char* final) {
    RecipientReport recipient;
    recipient.actual_recipient = actual;
    recipient.final_recipient = final;
    return diagnose(report_on(recipient), *knowledge_).recipients[0].final_recipient;
  };
  EXPECT_EQ(final_recipient("bob@example.net", "info@example.org"), "bob@example.net");
  EXPECT_EQ(final_recipient("|/usr/bin/a@b", "info@example.org"), "info@example.org");
  EXPECT_EQ(final_recipient("", "/var/mail/anna"), "/var/mail/anna");
  RecipientReport recipient;
  recipient.original_recipient = "bob@example.net";
  for (const char* const other : {"/var/mail/bob", "/RFC-822=bob(a)example.net/C=WW/", "bob"}) {
    recipient.final_recipient = other;
    EXPECT_EQ(diagnose(report_on(recipient), *knowledge_).recipients[0].final_recipient,
              "bob@example.net");
  }
}

TEST_F(JudgeTest, NothingIsDeliveredWithTheStatusOfAFailure) {
  RecipientReport recipient;
  recipient.action = Action::kDelivered;
  recipient.status = EnhancedStatus{5, 0, 0};
  EXPECT_EQ(diagnose(report_on(recipient), *knowledge_).recipients[0].outcome, Outcome::kFailed);
  recipient.status = EnhancedStatus{2, 0, 0};
  EXPECT_EQ(diagnose(report_on(recipient), *knowledge_).recipients[0].outcome, Outcome::kDelivered);
}

TEST_F(JudgeTest, TheStatusFieldsCommentIsHeard) {
  RecipientReport recipient;
  recipient.action = Action::kFailed;
  recipient.status = EnhancedStatus{5, 0, 0};
  recipient.status_text = "5.0.0 (qqstrong)";
  EXPECT_EQ(diagnose(report_on(recipient), *knowledge_).recipients[0].cause,
            Cause::kAttachmentRefused);
}

TEST_F(JudgeTest, WantOfSpaceExplainsAFailedDelivery) {
  EXPECT_EQ(judged("qqbroken").cause, Cause::kServerError);
  EXPECT_EQ(judged("qqfull qqbroken").cause, Cause::kMailboxFull);
  EXPECT_EQ(judged("qqstrong qqbroken").cause, Cause::kServerError);
}

TEST_F(JudgeTest, WhatTheSenderSaidIsNoWording) {
  EXPECT_EQ(judged("550 no (in reply to qqstrong command)").evidence, reply_evidence(550));
  EXPECT_EQ(judged(">>> qqstrong <<< 550 no").evidence, reply_evidence(550));
}

TEST_F(JudgeTest, FactsAreTakenWhereTheRuleMatches) {
  for (const char* const text :
       {"551 qqmoved anna.lind@example.net",
        "host mx.example.org said: 551 qqmoved anna.lind@example.net",
        "host mx[192.0.2.1] said: 551 qqmoved anna.lind@example.net (in reply to RCPT TO command)",
        "SMTP error from remote mail server after RCPT TO:<a@b.example>: host mx [192.0.2.1]: 551 "
        "qqmoved anna.lind@example.net",
        ">>> RCPT To:<a@b.example> <<< 551 qqmoved anna.lind@example.net"}) {
    const RecipientDiagnosis found = judged(text);
    EXPECT_EQ(found.cause, Cause::kRecipientMoved) << text;
    EXPECT_EQ(found.facts.new_address, "anna.lind@example.net") << text;
  }
}

TEST_F(JudgeTest, TheStageTellsWhatAnOverloadedReplyCodeIsAbout) {
  struct Case {
    const char* command;
    Cause cause_of_550;
    Cause cause_of_553;
  };
  constexpr Cause kPolicy = Cause::kPolicyRefused;
  constexpr Cause kInvalid = Cause::kRecipientAddressInvalid;
  for (const Case& c :
       {Case{"RCPT TO", Cause::kRecipientUnknown, kInvalid},
        Case{"MAIL FROM", kPolicy, Cause::kSenderAddressRefused},
        Case{"end of DATA", kPolicy, kPolicy}, Case{"DATA", Cause::kRecipientUnknown, kInvalid}}) {
    const std::string suffix = fmt::format(" qqnothing (in reply to {} command)", c.command);
    EXPECT_EQ(judged("550" + suffix).cause, c.cause_of_550) << suffix;
    EXPECT_EQ(judged("553" + suffix).cause, c.cause_of_553) << suffix;
  }
}

// What servers really write, one row for each way in which a reply misleads.
TEST_F(JudgeTest, MisleadingRepliesAreSeenThrough) {
  struct Case {
    const char* text;
    Cause cause;
  };
  for (const Case& c : {
           // An overloaded code gives way to the words.
           Case{"550 5.7.1 <bob@example.com>: user unknown", Cause::kRecipientUnknown},
           Case{"550 5.5.0 mailbox is full", Cause::kMailboxFull},
           // A provider's meaning of a code.
           Case{"550 5.4.1 Recipient address rejected: Access denied "
                "[x.prod.protection.outlook.com]",
                Cause::kRecipientUnknown},
           // A code that lost its dots, and one that didn't.
           Case{"511 qqnothing", Cause::kRecipientUnknown},
           Case{"421 qqnothing", Cause::kServerBusy},
           // Class 4 against class 5.
           Case{"550 mailbox unavailable", Cause::kRecipientUnknown},
           Case{"450 mailbox unavailable", Cause::kRecipientUnavailable},
           // A reply within another server's words.
           Case{"Recipient address rejected: undeliverable address: host 10.0.0.1[10.0.0.1] said: "
                "550 No such user (in reply to RCPT TO command)",
                Cause::kRecipientUnknown},
           Case{"delivery temporarily suspended: connect to mx.example.com[192.0.2.1]:25: "
                "Connection refused",
                Cause::kServerUnreachable},
           Case{"host mx[192.0.2.1] refused to talk to me: 421 System load is too high",
                Cause::kServerBusy},
           // Retried until the queue expired.
           Case{"retry timeout exceeded: 452 4.2.2 Mailbox full", Cause::kMailboxFull},
           // Sendmail's queue, and two replies in one diagnostic.
           Case{"Deferred: 452 4.2.2 Over quota", Cause::kMailboxFull},
           Case{"Deferred: Connection timed out with mx.example.com.", Cause::kServerUnreachable},
           Case{"550 5.1.1 <bob@example.com>... User unknown 503 5.0.0 Need RCPT (recipient)",
                Cause::kRecipientUnknown},
           // Cut off in the middle of a line, and a letter lost to a charset.
           Case{"552 5.2.2 The email account that you tried to reach is over quota and inac",
                Cause::kMailboxFull},
           Case{"554 Empf?nger unbekannt", Cause::kRecipientUnknown},
       }) {
    EXPECT_EQ(id_of(judged(c.text).cause), id_of(c.cause)) << c.text;
  }
}

}  // namespace
}  // namespace plainbounce

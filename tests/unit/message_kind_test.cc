#include "lib/report/prose/message_kind.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/reading.h"

namespace plainbounce {
namespace {

MessageKind kind_of(const std::string& message) { return read_report(message).kind; }

TEST(MessageKind, MailFromAPersonIsNoBounce) {
  EXPECT_EQ(kind_of("Return-Path: <a@x>\nFrom: a@x\nSubject: Delivery failed?\n\nUndeliverable\n"),
            MessageKind::kNotABounce);
}

TEST(MessageKind, DaemonThatSpeaksOfFailureBounces) {
  EXPECT_EQ(kind_of("From: MAILER-DAEMON <>\nSubject: Mail delivery failed\n\nx\n"),
            MessageKind::kOtherBounce);
  EXPECT_EQ(kind_of("From: Mail Delivery System <MAILER-DAEMON@y>\nSubject: Oh\n\nReturned mail\n"),
            MessageKind::kOtherBounce);
}

TEST(MessageKind, PostmasterMayWriteOfOtherThings) {
  EXPECT_EQ(kind_of("From: postmaster@x\nSubject: Maintenance on Sunday\n\nHello\n"),
            MessageKind::kNotABounce);
}

TEST(MessageKind, DaemonThatSpeaksOfFailureInOtherLanguagesBounces) {
  for (const std::string text :
       {"Votre message n'a pas pu être remis aux destinataires suivants :",
        "Votre mail du 3 mai n’a pas été distribué.", "Su correo no pudo ser entregado a:",
        "Los mensajes no entregados son:", "La posta non è stata recapitata a:",
        "Purtroppo non è stato possibile consegnare la posta.",
        "Deze mail kon helaas niet worden bezorgd.", "Wiadomość do Bob nie została dostarczona.",
        "Seu e-mail não foi entregue a bob.", "Ditt brev kunde inte levereras till bob.",
        "Din mail kunne ikke leveres til bob.", "E-posten ble ikke levert til bob.",
        "Lähettämääsi viestiä ei voitu toimittaa.", "Vaše zpráva nebyla doručena.",
        "Mektubunuz teslim edilemedi.", "Levelét nem sikerült kézbesíteni."}) {
    EXPECT_EQ(kind_of("From: MAILER-DAEMON@x\nSubject: Info\n"
                      "Content-Type: text/plain; charset=utf-8\n"
                      "Content-Transfer-Encoding: 8bit\n\n" +
                      text + "\n"),
              MessageKind::kOtherBounce)
        << text;
  }
}

TEST(MessageKind, PersonAtThePostmastersAddressIsNoBounce) {
  const std::string mail =
      "From: Pete <postmaster@x>\nSubject: Re: Lunch\n\nI looked into it: your message to "
      "bob@y could not be delivered because their server says 550 5.1.1 unknown. Regards, Pete\n";
  EXPECT_EQ(kind_of("Return-Path: <pete@x>\n" + mail), MessageKind::kNotABounce);
  EXPECT_EQ(kind_of("Return-Path: <postmaster@x>\n" + mail), MessageKind::kNotABounce);
  EXPECT_EQ(kind_of(mail), MessageKind::kNotABounce);
}

TEST(MessageKind, PostmasterWithASecondSignBounces) {
  const std::string mail = "From: postmaster@x\nSubject: Undeliverable mail\n\nbob@y: unknown\n";
  EXPECT_EQ(kind_of("Return-Path: <>\n" + mail), MessageKind::kOtherBounce);
  EXPECT_EQ(kind_of("Auto-Submitted: auto-replied\n" + mail), MessageKind::kOtherBounce);
  EXPECT_EQ(kind_of("Auto-Submitted: no\n" + mail), MessageKind::kNotABounce);
}

TEST(MessageKind, DisplayNameAloneMakesNoDaemon) {
  EXPECT_EQ(kind_of("From: Mail Administrator <admin@x>\n"
                    "Subject: You have 5 undelivered messages\n\nRelease them here: http://x/\n"),
            MessageKind::kNotABounce);
}

TEST(MessageKind, NoticeToAListsOwnerIsNoBounce) {
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: mailman@x\nX-Mailman-Version: 2.1\n"
                    "Subject: Bounce action notification\n\nbob@y: disabled\n\n"),
            MessageKind::kNotABounce);
  EXPECT_EQ(kind_of("From: MAILER-DAEMON@x\nX-Mailman-Version: 2.1\nSubject: Bounce action "
                    "notification\n\nThis is a Mailman mailing list bounce action notice\n"),
            MessageKind::kNotABounce);
}

TEST(MessageKind, NullSenderWithTheReturnedMessageBounces) {
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: a@x\nContent-Type: multipart/mixed; boundary=b\n\n"
                    "--b\n\nLeider\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\n--b--\n"),
            MessageKind::kOtherBounce);
}

TEST(MessageKind, AutomaticAnswerIsNoBounce) {
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: anna@x\nSubject: Delivery of your mail\n"
                    "Auto-Submitted: auto-replied (vacation)\n\nI'm away, deliver it later.\n"),
            MessageKind::kNotABounce);
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: anna@x\nX-Auto-Response-Suppress: All\n\nfailed\n"),
            MessageKind::kNotABounce);
}

TEST(MessageKind, ReportsOfOtherTypesAreNoBounces) {
  for (const std::string type : {"disposition-notification", "feedback-report", "tlsrpt"}) {
    EXPECT_EQ(kind_of("Return-Path: <>\nFrom: MAILER-DAEMON@x\nSubject: failed\n"
                      "Content-Type: multipart/report; report-type=" +
                      type + "; boundary=b\n\n--b\n\ndelivery failed\n--b--\n"),
              MessageKind::kNotABounce);
  }
}

TEST(MessageKind, CutOffReportIsABounce) {
  EXPECT_EQ(kind_of("Return-Path: <>\nFrom: MAILER-DAEMON@x\nSubject: Unzustellbar\n"
                    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                    "--b\n\nIhre Nachr"),
            MessageKind::kOtherBounce);
}

TEST(MessageKind, EximsHeaderIsEnough) {
  EXPECT_EQ(kind_of("X-Failed-Recipients: a@x\nFrom: x@y\n\nx\n"), MessageKind::kOtherBounce);
}

}  // namespace
}  // namespace plainbounce

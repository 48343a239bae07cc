#include "lib/report/prose/other_bounce.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/reading.h"

namespace plainbounce {
namespace {

Report bounce(const std::string& words, const std::string& fields = "") {
  return read_report("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\n" + fields +
                     "To: anna@example.org\nSubject: Mail delivery failed\n\n" + words);
}

std::vector<std::string> addresses(const Report& report) {
  std::vector<std::string> all;
  for (const RecipientReport& recipient : report.recipients) {
    all.push_back(recipient.final_recipient);
  }
  return all;
}

using Addresses = std::vector<std::string>;

const std::string kReturned =
    "\nReceived: from a by b; Thu, 1 Jan 2026 10:00:00 +0000\nMessage-ID: <1@example.org>\n"
    "From: anna@example.org\nTo: bob@example.net\nSubject: Lunch\n\nask carl@example.com\n";

TEST(OtherBounceTest, WhatAnnouncesTheReturnedMessageIsNoReply) {
  for (const char* const line : {"----- Original message -----", "--- The message follows ---"}) {
    const Report report = bounce(
        "Delivery to the following recipient failed permanently:\n\n     bob@example.net\n\n" +
        std::string(line) + "\n" + kReturned);
    ASSERT_EQ(report.recipients.size(), 1U);
    EXPECT_EQ(report.recipients[0].passage.find("---"), std::string::npos) << line;
  }
}

TEST(OtherBounce, EachFormNamesItsAddress) {
  for (const std::string words : {
           "<bob@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n",
           "The following address failed:\n\n  bob@example.net\n    host mx: 550 5.1.1 Unknown\n",
           "bob@example.net: 550 5.1.1 User Unknown\n",
           "\"bob@example.net\":\nhost: mx.example.net\n5.1.1 Unknown\n",
           "   * bob@example.net\n",
           "bob@example.net [User unknown]\n",
           "   ----- Transcript of session follows -----\n550 <bob@example.net>... No such user\n",
           "There was an error delivering your mail to <bob@example.net>.\n\nmx said no\n",
           "User mailbox exceeds allowed size: bob@example.net\n",
           "Sent >>> RCPT TO:<bob@example.net>\nReceived <<< 550 5.1.1 unknown\n",
           "did not reach the following recipient(s):\n\nbob@example.net on Thu, 1 Jan 2026\n",
           "Action: failed\nFinal-Recipient: rfc822; bob@example.net\nStatus: 5.1.1\n",
           "The message came back.\n",
       }) {
    const Report report = bounce(words + kReturned);
    EXPECT_EQ(addresses(report), Addresses{"bob@example.net"}) << words;
    EXPECT_EQ(report.returned.subject, "Lunch") << words;
  }
}

TEST(OtherBounce, TheHeaderNamesThemFirst) {
  EXPECT_EQ(addresses(bounce("carl@example.com: no\n",
                             "X-Failed-Recipients: bob@example.net, dora@example.net\n")),
            (Addresses{"bob@example.net", "dora@example.net"}));
}

TEST(OtherBounce, OtherHeaderFieldsNameThem) {
  for (const std::string name : {"X-Failed-Recipient", "X-Undelivered-To", "Final-Recipient"}) {
    EXPECT_EQ(
        addresses(bounce("It could not be delivered.\n", name + ": rfc822; <bob@example.net>\n")),
        Addresses{"bob@example.net"})
        << name;
  }
  // The bounce's own recipient is no news.
  EXPECT_EQ(addresses(bounce("bob@example.net: no\n", "Original-Recipient: anna@example.org\n")),
            Addresses{"bob@example.net"});
}

TEST(OtherBounce, ALabelTellsTheRecipientFromOthers) {
  for (const std::string words : {
           "Sender: a.berg@corp.example\nRecipient: bob@example.net\nReason: full\n",
           "From: a.berg@corp.example\nTo: bob@example.net\n550 unknown\n",
           "Absender: a.berg@corp.example\nEmpfänger: bob@example.net\n",
           "Message of a.berg@corp.example\n\nRecipient:\nbob@example.net\n",
           "Recipient: <bob@example.net>, sent by a.berg@corp.example\n",
           "发件人: a.berg@corp.example\n收件人: bob@example.net\n",
       }) {
    EXPECT_EQ(addresses(bounce(words)), Addresses{"bob@example.net"}) << words;
  }
}

TEST(OtherBounce, ATablesColumnNamesThem) {
  EXPECT_EQ(addresses(bounce("Sender                 Recipient         Reason\n"
                             "---------------------- ----------------- -----------\n"
                             "a.berg@corp.example    bob@example.net   No such user\n"
                             "a.berg@corp.example    carl@example.com  Mailbox full\n")),
            (Addresses{"bob@example.net", "carl@example.com"}));
  EXPECT_EQ(
      addresses(bounce("| Sender | Recipient |\n| a.berg@corp.example | bob@example.net |\n")),
      Addresses{"bob@example.net"});
  const std::string html =
      "<table><tr><th>Sender</th><th>Recipient</th></tr>"
      "<tr><td>a.berg@corp.example</td><td>bob@example.net</td></tr></table>";
  EXPECT_EQ(addresses(bounce(html, "Content-Type: text/html\n")), Addresses{"bob@example.net"});
}

TEST(OtherBounce, WhoWasReachedStandsBesideWhoWasNot) {
  const Report report = bounce(
      "Your message was not delivered to:\n\n  bob@example.net\n    550 No such user\n\n"
      "It was delivered successfully to:\n\n  carl@example.com\n\n"
      "Delivery to these recipients failed, too:\n\n  dora@example.com\n    552 full\n");
  EXPECT_EQ(addresses(report),
            (Addresses{"bob@example.net", "dora@example.com", "carl@example.com"}));
  ASSERT_EQ(report.recipients.size(), 3U);
  EXPECT_EQ(report.recipients[0].action, Action::kFailed);
  EXPECT_EQ(report.recipients[1].diagnostic, "552 full");
  EXPECT_EQ(report.recipients[2].action, Action::kDelivered);
  EXPECT_EQ(bounce("It could not be successfully delivered to:\n  bob@example.net\n")
                .recipients.front()
                .action,
            Action::kFailed);
}

TEST(OtherBounce, EveryLanguageTellsADelayFromAFailure) {
  struct Words {
    const char* delayed;
    const char* failed;
  };
  for (const auto& [delayed, failed] : {
           Words{"Ihre Nachricht konnte noch nicht zugestellt werden.",
                 "Die Nachricht konnte nicht zugestellt werden."},
           Words{"Le serveur continuera d'essayer de la remettre.",
                 "Le message n'a pas pu être remis à :"},
           Words{"El mensaje aún no se ha entregado.", "No se pudo entregar el mensaje a:"},
           Words{"Il messaggio non è ancora stato recapitato.", "Impossibile recapitare:"},
           Words{"A mensagem ainda não foi entregue.", "Não foi possível entregar a:"},
           Words{"Het bericht is nog niet bezorgd.", "Het bericht kon niet worden bezorgd."},
           Words{"Twoja wiadomość nie została jeszcze dostarczona.", "Nie można dostarczyć do:"},
           Words{"Leveransen av ditt brev är fördröjd.", "Brevet kunde inte levereras till:"},
           Words{"Leveringen er forsinket.", "Beskeden kunne ikke leveres til:"},
           Words{"Meldingen er ennå ikke levert.", "Meldingen ble ikke levert til:"},
           Words{"Viestin toimitus viivästyy.", "Viestiä ei voitu toimittaa:"},
           Words{"Zpráva dosud nebyla doručena.", "Zprávu nelze doručit:"},
           Words{"A levél kézbesítése késik.", "A levelet nem lehetett kézbesíteni:"},
           Words{"Scrisoarea nu a fost încă livrată.", "Mesajul nu a putut fi livrat:"},
           Words{"Mesajınız henüz iletilemedi.", "Mesajınız iletilemedi:"},
           Words{"Письмо пока не доставлено.", "Не удалось доставить:"},
           Words{"Лист ще не доставлений.", "Лист не може бути доставлений:"},
           Words{"Το μήνυμα δεν έχει παραδοθεί ακόμη.", "Το μήνυμα δεν παραδόθηκε:"},
           Words{"ההודעה טרם נמסרה.", "ההודעה לא נמסרה:"},
           Words{"سيواصل الخادم محاولة التسليم.", "تعذر تسليم الرسالة:"},
           Words{"您的邮件尚未投递。", "无法投递："},
           Words{"メールの配信が遅れています。", "配信できませんでした："},
           Words{"메일 배달이 지연되고 있습니다.", "배달할 수 없습니다:"},
       }) {
    for (const bool late : {true, false}) {
      const Report report = read_report(
          "Return-Path: <>\nFrom: Mail System <x@mx.example.org>\n"
          "Content-Type: text/plain; charset=utf-8\n"
          "To: anna@example.org\nSubject: " +
          std::string(late ? delayed : failed) + "\n\n" + (late ? delayed : failed) +
          "\n\n<bob@example.net>\n");
      EXPECT_EQ(addresses(report), Addresses{"bob@example.net"}) << (late ? delayed : failed);
      if (report.recipients.empty()) continue;
      EXPECT_EQ(report.recipients.front().action, late ? Action::kDelayed : Action::kFailed)
          << (late ? delayed : failed);
    }
  }
}

TEST(OtherBounce, NoBlankPartsAnAddressFromTheScriptsOfEastAsia) {
  for (const std::string words :
       {"收件人：bob@example.net，退信原因：用户不存在",
        "宛先bob@example.netへのメールは届きませんでした。",
        "「bob@example.net」宛のメールを配信できませんでした", "받는 사람:bob@example.net님"}) {
    EXPECT_EQ(addresses(bounce(words + "\n", "Content-Type: text/plain; charset=utf-8\n")),
              Addresses{"bob@example.net"})
        << words;
  }
}

TEST(OtherBounce, JapaneseMailInItsOldCharsetIsRead) {
  // "The mail could not be sent to the address below."
  const Report report = read_report(
      "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: anna@example.org\n"
      "Subject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
      "\x1b$B%a!<%k$rAw?.$G$-$^$;$s$G$7$?\x1b(B\n\n<bob@example.net>\n");
  EXPECT_EQ(report.kind, MessageKind::kOtherBounce);
  EXPECT_EQ(report.notification.text.substr(0, 9), "メール");
  EXPECT_EQ(addresses(report), Addresses{"bob@example.net"});
}

TEST(OtherBounce, NeitherTheSenderNorWhoMayHelpHasFailed) {
  EXPECT_EQ(addresses(bounce("bob@example.net: 550 5.7.1 <anna@example.org> refused\n\n"
                             "For questions contact\nhelp@example.com\n")),
            Addresses{"bob@example.net"});
}

TEST(OtherBounce, EachOfSeveralHasItsOwnReply) {
  const Report report =
      bounce("bob@example.net: 550 5.1.1 Unknown\ncarl@example.net: 552 5.2.2 Full\n");
  ASSERT_EQ(report.recipients.size(), 2U);
  EXPECT_EQ(report.recipients[0].diagnostic, "550 5.1.1 Unknown");
  EXPECT_EQ(report.recipients[1].diagnostic, "552 5.2.2 Full");
}

TEST(OtherBounce, WarningsAreDelays) {
  const Report report =
      bounce("Delivery to the following recipient has been delayed:\n\n  bob@x.example\n");
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].action, Action::kDelayed);
}

TEST(OtherBounce, EventInJsonIsRead) {
  const Report report = read_report(
      "From: no-reply@sns.example\nSubject: AWS Notification Message\n\n"
      "{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":"
      "\"bob@example.net\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 "
      "unknown\"}]}}\n");
  EXPECT_EQ(report.kind, MessageKind::kOtherBounce);
  EXPECT_TRUE(report.is_event);
  ASSERT_EQ(report.recipients.size(), 1U);
  EXPECT_EQ(report.recipients[0].diagnostic, "550 5.1.1 unknown");
}

TEST(OtherBounce, AnswersAreNone) {
  EXPECT_EQ(read_report("Return-Path: <>\nFrom: bob@example.net\nSubject: Out of office\n\n"
                        "I can't deliver before Monday. Ask carl@example.net.\n")
                .kind,
            MessageKind::kNotABounce);
}

}  // namespace
}  // namespace plainbounce

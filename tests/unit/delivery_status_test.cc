#include "lib/report/delivery_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Report read(std::string_view text) {
  Report report;
  read_delivery_status(text, report);
  return report;
}

std::vector<std::string> finals(const Report& report) {
  std::vector<std::string> addresses;
  for (const RecipientReport& recipient : report.recipients) {
    addresses.push_back(recipient.final_recipient);
  }
  return addresses;
}

// Times and IDs stray into the message's block, or below an empty line.
TEST(DeliveryStatus, WhatTellsOfNoRecipientMakesNone) {
  const std::string block =
      "Final-Recipient: rfc822; anna@example.com\nAction: failed\nStatus: 5.1.1\n";
  for (const std::string& stray :
       {std::string("Last-Attempt-Date: Sat, 21 Nov 2026 22:53:09 +0000\n"),
        std::string("Final-Log-ID: q1\n"), std::string("Remote-MTA: dns; mx.example.com\n")}) {
    for (const std::string& text :
         {"Reporting-MTA: dns; mx.example.org\n" + stray + "\n" + block,
          stray + "Reporting-MTA: dns; mx.example.org\n\n" + block, stray + "\n" + block,
          "Reporting-MTA: dns; mx\n\n" + block + "\n" + stray}) {
      EXPECT_THAT(finals(read(text)), ElementsAre("anna@example.com")) << text;
    }
  }
}

TEST(DeliveryStatus, EveryFieldOfTheStandardIsRead) {
  const Report report = read(
      "Original-Envelope-Id: QQ314\n"
      "Reporting-MTA: dns; mx.example.org\n"
      "DSN-Gateway: dns; gw.example.org\n"
      "Received-From-MTA: dns; client.example.org\n"
      "Arrival-Date: Sat, 21 Nov 2026 20:39:35 +0000\n"
      "X-Own: 1\n"
      "\n"
      "Original-Recipient: rfc822;info@example.org\n"
      "Final-Recipient: rfc822;anna@example.com\n"
      "Action: failed\n"
      "Status: 5.2.2 (full)\n"
      "Remote-MTA: dns; mx.example.com. (192.0.2.1, the server)\n"
      "Diagnostic-Code: SMTP; 552 5.2.2\n mailbox full\n"
      "Last-Attempt-Date: Sat, 21 Nov 2026 20:40:35 +0000\n"
      "Final-Log-ID: q1\n"
      "Will-Retry-Until: Sun, 22 Nov 2026 20:40:35 +0000\n"
      "X-Actual-Recipient: rfc822; anna@mail.example.com\n"
      "X-Other: 2\n");
  EXPECT_EQ(report.original_envelope_id, "QQ314");
  EXPECT_EQ(report.reporting_mta, "mx.example.org");
  EXPECT_EQ(report.received_from_mta, "client.example.org");
  EXPECT_EQ(report.arrival_date, (Timestamp{1795293575, 0}));
  ASSERT_EQ(report.recipients.size(), 1U);
  const RecipientReport& recipient = report.recipients[0];
  EXPECT_EQ(recipient.final_recipient, "anna@example.com");
  EXPECT_EQ(recipient.original_recipient, "info@example.org");
  EXPECT_EQ(recipient.actual_recipient, "anna@mail.example.com");
  EXPECT_EQ(recipient.action, Action::kFailed);
  EXPECT_EQ(recipient.status, (EnhancedStatus{5, 2, 2}));
  EXPECT_EQ(recipient.status_text, "5.2.2 (full)");
  EXPECT_EQ(recipient.remote_mta, "mx.example.com");
  EXPECT_EQ(recipient.remote_mta_address, "192.0.2.1");
  EXPECT_EQ(recipient.diagnostic_type, "smtp");
  EXPECT_EQ(recipient.diagnostic, "552 5.2.2 mailbox full");
  EXPECT_EQ(recipient.last_attempt, (Timestamp{1795293635, 0}));
  EXPECT_EQ(recipient.final_log_id, "q1");
  EXPECT_EQ(recipient.will_retry_until, (Timestamp{1795380035, 0}));
  EXPECT_EQ(report.cut, Doubt::kNone);
}

TEST(DeliveryStatus, NamesIgnoreCase) {
  EXPECT_THAT(finals(read("REPORTING-mta: dns; x\n\nfinal-RECIPIENT: rfc822; a@x\n")),
              ElementsAre("a@x"));
}

TEST(DeliveryStatus, EmptyLineBeforeTheFirstRecipientMayBeMissing) {
  const Report report =
      read("Reporting-MTA: dns; x\nFinal-Recipient: a@x\nAction: failed\n\nFinal-Recipient: b@x\n");
  EXPECT_THAT(finals(report), ElementsAre("a@x", "b@x"));
  EXPECT_EQ(report.recipients[0].action, Action::kFailed);
}

TEST(DeliveryStatus, EmptyLineBetweenRecipientsMayBeMissing) {
  const Report report = read(
      "Reporting-MTA: dns; x\n\nFinal-Recipient: a@x\nStatus: 5.1.1\nFinal-Recipient: b@x\n"
      "Status: 5.2.2\n");
  EXPECT_THAT(finals(report), ElementsAre("a@x", "b@x"));
  EXPECT_EQ(report.recipients[1].status, (EnhancedStatus{5, 2, 2}));
}

TEST(DeliveryStatus, SeveralEmptyLinesSeparateLikeOne) {
  EXPECT_THAT(finals(read("\n\nReporting-MTA: dns; x\n\n \n\nFinal-Recipient: "
                          "a@x\n\n\r\n\nFinal-Recipient: b@x\n")),
              ElementsAre("a@x", "b@x"));
}

TEST(DeliveryStatus, MessageBlockMayBeMissing) {
  EXPECT_THAT(finals(read("Final-Recipient: a@x\nAction: failed\n\nFinal-Recipient: b@x\n")),
              ElementsAre("a@x", "b@x"));
}

TEST(DeliveryStatus, RecipientSplitByAnEmptyLineIsOne) {
  const Report report =
      read("Reporting-MTA: dns; x\n\nFinal-Recipient: a@x\n\nAction: failed\nStatus: 5.1.1\n");
  EXPECT_THAT(finals(report), ElementsAre("a@x"));
  EXPECT_EQ(report.recipients[0].action, Action::kFailed);
}

TEST(DeliveryStatus, BlockWithoutAnAddressIsARecipientOfItsOwn) {
  const Report report = read(
      "Reporting-MTA: dns; x\n\nFinal-Recipient: a@x\nAction: failed\nStatus: 5.1.1\n\n"
      "Action: delayed\nStatus: 4.1.1\n");
  EXPECT_THAT(finals(report), ElementsAre("a@x", ""));
  EXPECT_EQ(report.recipients[1].action, Action::kDelayed);
}

TEST(DeliveryStatus, ActionMayComeBeforeTheAddress) {
  const Report report = read(
      "Reporting-MTA: dns; x\n\nAction: failed\nFinal-Recipient: a@x\nStatus: 5.0.0\n\n"
      "Action: delayed\nFinal-Recipient: b@x\nStatus: 4.0.0\n");
  EXPECT_THAT(finals(report), ElementsAre("a@x", "b@x"));
  EXPECT_EQ(report.recipients[0].action, Action::kFailed);
  EXPECT_EQ(report.recipients[1].action, Action::kDelayed);
}

TEST(DeliveryStatus, ExtensionBeforeTheAddressBelongsToTheSameBlock) {
  const Report report = read(
      "Reporting-MTA: dns; x\n\nX-A: 1\nFinal-Recipient: a@x\n\nX-B: 2\nFinal-Recipient: b@x\n");
  EXPECT_THAT(finals(report), ElementsAre("a@x", "b@x"));
}

TEST(DeliveryStatus, FirstOfRepeatedFieldsCounts) {
  const Report report =
      read("Reporting-MTA: dns; x\n\nFinal-Recipient: a@x\nStatus: 5.1.1\nStatus: 4.2.2\n");
  EXPECT_EQ(report.recipients[0].status, (EnhancedStatus{5, 1, 1}));
}

TEST(DeliveryStatus, LinesThatAreNoFieldsArePassedOver) {
  EXPECT_THAT(finals(read("hello\nReporting-MTA: dns; x\nworld\n\noops\nFinal-Recipient: a@x\n")),
              ElementsAre("a@x"));
}

TEST(DeliveryStatus, RawLatin1DiagnosticBecomesUtf8) {
  EXPECT_EQ(read("Final-Recipient: a@x\nDiagnostic-Code: smtp; 550 gel\xF6scht\n")
                .recipients[0]
                .diagnostic,
            "550 gelöscht");
}

TEST(DeliveryStatus, EncodedWordsInADiagnosticAreDecoded) {
  EXPECT_EQ(read("Final-Recipient: a@x\nDiagnostic-Code: smtp; 550 =?utf-8?Q?gel=C3=B6scht?=\n")
                .recipients[0]
                .diagnostic,
            "550 gelöscht");
}

TEST(DeliveryStatus, NothingInItIsTold) {
  Report report;
  EXPECT_FALSE(read_delivery_status("", report));
  EXPECT_FALSE(read_delivery_status("\n\n just words\n", report));
  EXPECT_TRUE(read_delivery_status("Reporting-MTA: dns; x\n", report));
}

TEST(DeliveryStatus, RecipientsBeyondTheLimitAreToldOf) {
  std::string text = "Reporting-MTA: dns; x\n\n";
  for (std::size_t i = 0; i <= kMaxRecipients; ++i) text += "Final-Recipient: a@x\n\n";
  const Report report = read(text);
  EXPECT_EQ(report.recipients.size(), kMaxRecipients);
  EXPECT_EQ(report.cut, Doubt::kManyBlocks);
}

}  // namespace
}  // namespace plainbounce

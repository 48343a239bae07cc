// A domain has many spellings. In each place where addresses are compared, they are one.
#include "lib/mail/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/diagnosis/diagnose.h"
#include "lib/notice/groups.h"
#include "lib/notice/language.h"
#include "lib/notice/write.h"
#include "lib/report/prose/recipient_words.h"
#include "lib/report/read.h"

namespace plainbounce {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// U-label, A-label, and both in upper case.
const std::vector<std::string>& spellings() {
  static const std::vector<std::string> kSpellings = {
      "anna@b\u00FCcher.example", "anna@xn--bcher-kva.example", "Anna@B\u00DCCHER.Example",
      "anna@XN--BCHER-KVA.example", "anna@bu\u0308cher.example"};
  return kSpellings;
}

// Calls `check` with each pair of two different spellings.
template <typename Check>
void for_each_pair(Check check) {
  for (const std::string& one : spellings()) {
    for (const std::string& other : spellings()) {
      SCOPED_TRACE(one + " and " + other);
      if (one != other) check(one, other);
    }
  }
}

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

const Catalogue& catalogue() {
  static const Catalogue kCatalogue = Catalogue::load();
  return kCatalogue;
}

RecipientReport failed(const std::string& address, const std::string& diagnostic) {
  RecipientReport recipient;
  recipient.final_recipient = address;
  recipient.action = Action::kFailed;
  recipient.status = EnhancedStatus{5, 1, 1};
  recipient.diagnostic = diagnostic;
  return recipient;
}

TEST(AddressTest, ItsPartsAreTold) {
  EXPECT_EQ(local_part("\"a@b\"@Example.COM"), "\"a@b\"");
  EXPECT_EQ(local_part("root"), "root");
  EXPECT_EQ(domain_of("\"a@b\"@Example.COM"), "example.com");
  EXPECT_EQ(domain_of("root"), "");
}

TEST(AddressTest, SpellingsOfOneAddressAreOne) {
  for_each_pair([](const std::string& one, const std::string& other) {
    EXPECT_EQ(canonical_address(one), canonical_address(other));
    EXPECT_EQ(domain_of(one), "xn--bcher-kva.example");
    EXPECT_TRUE(is_same_address(one, other));
  });
  EXPECT_FALSE(is_same_address("anna@bucher.example", "anna@b\u00FCcher.example"));
  EXPECT_FALSE(is_same_domain("fa\u00DF.example", "fass.example"));
  EXPECT_EQ(canonical_address("Root"), "root");
}

TEST(AddressTest, WhatIsNoDomainStaysAsItIs) {
  for (const std::string& text :
       {std::string("\xFF\xFE"), std::string("xn--\x01"), std::string("[192.0.2.1]"),
        std::string("a\u00FC..b"), std::string(1000, '\xC3'), std::string()}) {
    EXPECT_EQ(canonical_domain(text), text);
  }
}

TEST(SpellingsTest, AFailedAddressIsFoundAmongTheReceivers) {
  for_each_pair([](const std::string& reported, const std::string& written) {
    Report report;
    report.kind = MessageKind::kReport;
    report.returned.present = true;
    report.returned.to = {{"", written}, {"", "bob@example.org"}};
    report.recipients = {failed(reported, "smtp; 550 5.1.1 User unknown")};
    const Notice notice =
        write_notice(report, diagnose(report, knowledge()), knowledge(), catalogue(), House());
    EXPECT_THAT(notice.text, Not(HasSubstr("in the To or Cc line")));
    EXPECT_THAT(notice.text, HasSubstr("bob@example.org"));
  });
}

TEST(SpellingsTest, AnAddressIsListedOnce) {
  for_each_pair([](const std::string& one, const std::string& other) {
    Report report;
    report.recipients = {failed(one, "smtp; 599 <" + one + "> says no"),
                         failed(other, "smtp; 599 <" + other + "> says no")};
    const auto groups =
        group_recipients(diagnose(report, knowledge()), knowledge().causes(), report);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].addresses, std::vector<std::string>{one});
    EXPECT_EQ(groups[0].domain, "xn--bcher-kva.example");
  });
}

TEST(SpellingsTest, AnAddressIsNotPassedOnToItself) {
  for_each_pair([](const std::string& one, const std::string& other) {
    RecipientDiagnosis recipient;
    recipient.address = one;
    recipient.final_recipient = other;
    const auto groups = group_recipients(Diagnosis{{recipient}}, knowledge().causes());
    EXPECT_TRUE(groups.at(0).passed_on_to.empty());
  });
}

TEST(SpellingsTest, TheHousesMapKnowsItsReaders) {
  for_each_pair([](const std::string& one, const std::string& other) {
    const auto chosen = [&](const std::string& key) {
      House house;
      house.languages = {{key, "de"}};
      return choose_language(Report(), {other}, house, catalogue()).first->language();
    };
    EXPECT_EQ(chosen(one), "de");
    EXPECT_EQ(chosen(one.substr(one.find('@') + 1)), "de");
  });
}

TEST(SpellingsTest, ADomainIsNotMeantInsteadOfItself) {
  for_each_pair([](const std::string& one, const std::string& other) {
    Report report;
    report.returned.to = {{"", other}};
    report.recipients = {failed(one, "smtp; 550 5.1.2 Host not found")};
    EXPECT_EQ(diagnose(report, knowledge()).recipients.at(0).facts.meant_address, "");
  });
}

TEST(SpellingsTest, TheWordsAboutAnAddressAreFound) {
  for_each_pair([](const std::string& one, const std::string& other) {
    std::vector<RecipientReport> recipients = {failed(one, "")};
    add_passages("Sorry.\n\n<" + other + ">: no such user\n\nBye.\n", knowledge().stock_phrases(),
                 recipients);
    EXPECT_THAT(recipients[0].passage, HasSubstr("no such user"));
  });
}

TEST(SpellingsTest, TheReceiverAmongManyAddressesIsTheOneThatFailed) {
  for_each_pair([](const std::string& one, const std::string& other) {
    const Report report = read_report(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: bob@example.org\n"
        "Subject: Mail delivery failed\n\nThe queue of carl@example.net and dora@example.net\n"
        "has had no answer for " +
            one + ", and gives up.\n\nReceived: from a by b; Thu, 1 Jan 2026 10:00:00 +0000\n" +
            "Message-ID: <1@example.org>\nFrom: bob@example.org\nTo: " + other +
            "\nSubject: Lunch\n\nHi\n",
        knowledge().stock_phrases());
    ASSERT_EQ(report.recipients.size(), 1U);
    EXPECT_EQ(report.recipients[0].final_recipient, one);
  });
}

}  // namespace
}  // namespace plainbounce

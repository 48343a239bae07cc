// Whose side it was: what notices say of reports as Postfix writes them, told apart by nothing but
// who is named as the speaker.
#include "lib/diagnosis/side.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/base/text.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/notice/write.h"
#include "lib/report/read.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;

// What one recipient's delivery is reported with.
struct Delivery {
  std::string remote;      // Remote-MTA; empty: none
  std::string diagnostic;  // with its type
  std::string passage;     // of the first part, behind the address; empty: the diagnostic's text
  std::string status = "5.0.0";
  std::string action = "failed";
  std::string address = "jonas@example.net";
  std::string returned = "";  // fields of the message that was sent, each with its line's end
};

std::string report_of(const Delivery& it) {
  const std::string remote = it.remote.empty() ? "" : "Remote-MTA: dns; " + it.remote + "\n";
  const std::string passage =
      it.passage.empty() ? it.diagnostic.substr(it.diagnostic.find("; ") + 2) : it.passage;
  return fmt::format(
      "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\n"
      "To: maria@example.org\nSubject: Undelivered Mail Returned to Sender\n"
      "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n"
      "--b\nContent-Type: text/plain\n\nThis is the mail system at host mx.example.org.\n\n"
      "<{address}>: {passage}\n\n"
      "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n"
      "X-Postfix-Queue-ID: 4A1555F826\nArrival-Date: Sat, 21 Nov 2026 22:53:08 +0000\n\n"
      "Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n{remote}"
      "Diagnostic-Code: {diagnostic}\n\n"
      "--b\nContent-Type: text/rfc822-headers\n\nFrom: maria@example.org\nTo: {address}\n"
      "Subject: Offer\n{returned}\n--b--\n",
      fmt::arg("address", it.address), fmt::arg("passage", passage), fmt::arg("action", it.action),
      fmt::arg("status", it.status), fmt::arg("remote", remote),
      fmt::arg("diagnostic", it.diagnostic), fmt::arg("returned", it.returned));
}

class SideTest : public testing::Test {
 protected:
  static std::string user_part(const Delivery& delivery, const Knowledge& knowledge,
                               const std::string& language = "en") {
    static const Catalogue kCatalogue = Catalogue::load();
    const Report report = read_report(report_of(delivery), knowledge.stock_phrases());
    House house;
    house.language = language;
    const Notice notice =
        write_notice(report, diagnose(report, knowledge), knowledge, kCatalogue, house);
    std::string text = notice.text.substr(0, notice.text.find("For your mail administrator"));
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return collapse_space(text);
  }
  static const Knowledge& knowledge() {
    static const Knowledge kKnowledge = Knowledge::load();
    return kKnowledge;
  }
  static std::string told(const Delivery& delivery) { return user_part(delivery, knowledge()); }
};

// ---- Whose a host is ----

Side side_of_host(const std::string& host, const std::string& address = "", bool has_code = true,
                  Cause cause = Cause::kPolicyRefused) {
  static const Knowledge kKnowledge = Knowledge::load();
  Facts facts;
  facts.remote_host = host;
  facts.remote_address = address;
  return side_of({"mx.example.org", "smtp", has_code}, facts, kKnowledge.cause(cause), kKnowledge);
}

TEST(SideOfHostTest, TheReportingServersOwnAndItsNeighboursAreOurs) {
  for (const char* const host :
       {"mx.example.org", "MX.Example.ORG.", "store.example.org", "localhost", "127.0.0.1",
        "private/lmtp", "/run/lmtp", "10.1.2.3", "192.168.0.9", "172.31.255.1", "fd00::1",
        "localhost.", "100.64.0.1", "169.254.1.1"}) {
    EXPECT_EQ(side_of_host(host), Side::kOurs) << host;
  }
  for (const char* const host :
       {"mx.example.com", "example.org.evil.example", "192.0.2.1", "172.32.0.1", "2001:db8::1",
        "notexample.org", "mx.example.com.", "100.128.0.1"}) {
    EXPECT_EQ(side_of_host(host), Side::kTheirs) << host;
  }
}

TEST(SideOfHostTest, NobodyOwnsWhatNamesAreSoldUnder) {
  const Knowledge knowledge = Knowledge::load();
  Facts facts;
  facts.remote_host = "mx.other.co.uk";
  const CauseEntry& cause = knowledge.cause(Cause::kPolicyRefused);
  EXPECT_EQ(side_of({"mx.one.co.uk", "smtp", true}, facts, cause, knowledge), Side::kTheirs);
  facts.remote_host = "mx1.mail.ovh.net";  // of the provider at whose machines ours is one
  EXPECT_EQ(side_of({"vps-1234.vps.ovh.net", "smtp", true}, facts, cause, knowledge),
            Side::kTheirs);
}

TEST(SideOfHostTest, AnAddressOfTheOwnNetworkIsOursWhereItAnswered) {
  EXPECT_EQ(side_of_host("mx.example.net", "10.0.0.1"), Side::kOurs);
  // The address of another host.
  EXPECT_EQ(side_of_host("192.0.2.1", "10.0.0.1"), Side::kTheirs);
  // Anybody's domain can lead there.
  EXPECT_EQ(side_of_host("mx.example.com", "10.0.0.1", false, Cause::kServerUnreachable),
            Side::kUnknown);
  EXPECT_EQ(side_of_host("localhost", "127.0.0.1", false, Cause::kServerUnreachable),
            Side::kUnknown);
  EXPECT_EQ(side_of_host("127.0.0.1", "127.0.0.1", false, Cause::kServerUnreachable), Side::kOurs);
  EXPECT_EQ(side_of_host("dovecot", "172.18.0.5", false, Cause::kServerUnreachable), Side::kOurs);
}

TEST(OwnHostsTest, AreNamesDomainsAndNetworks) {
  const OwnHosts hosts({"relay.provider.example", "*.example.net", "192.0.2.0/24", "2001:db8::1"});
  for (const char* const host : {"Relay.Provider.Example.", "mx.example.net", "a.b.example.net",
                                 "192.0.2.9", "2001:db8:0::1"}) {
    EXPECT_TRUE(hosts.has(host)) << host;
  }
  for (const char* const host : {"", "provider.example", "other.provider.example", "example.net",
                                 "notexample.net", "192.0.3.1"}) {
    EXPECT_FALSE(hosts.has(host)) << host;
  }
}

// ---- What is told of a report ----

constexpr const char* kOurs = "✓ You → ✗ Our mail service (";
constexpr const char* kTheirs = "✓ You → ✓ Our mail service → ✗ example.net (";

TEST_F(SideTest, OnesOwnFilterIsOurs) {
  const std::string spam =
      told({"127.0.0.1", "smtp; 554 5.7.0 Reject, id=2543112-06 - SPAM",
            "host 127.0.0.1[127.0.0.1] said: 554 5.7.0 Reject, id=2543112-06 - SPAM (in reply to "
            "end of DATA command)"});
  EXPECT_THAT(spam, HasSubstr("Our own mail service took your message for spam."));
  EXPECT_THAT(spam, HasSubstr(kOurs));
  EXPECT_THAT(spam, HasSubstr("Your mail administrator needs to look into this."));
  EXPECT_THAT(spam, Not(HasSubstr("safe senders")));
  EXPECT_THAT(spam, Not(HasSubstr("he recipient's mail service")));
  const std::string banned =
      told({"127.0.0.1", "smtp; 554 5.7.0 Reject, id=01962-12 - BANNED: .exe,setup.exe"});
  EXPECT_THAT(banned, HasSubstr("Our own mail service doesn't take one of the files"));
  EXPECT_THAT(banned, HasSubstr(kOurs));
}

TEST_F(SideTest, OnesOwnRelayIsOurs) {
  const std::string text =
      told({"relay.example.org", "smtp; 554 5.7.1 <jonas@example.net>: Relay access denied",
            "host relay.example.org[10.0.0.25] said: 554 5.7.1 <jonas@example.net>: Relay access "
            "denied (in reply to RCPT TO command)"});
  EXPECT_THAT(text, HasSubstr("set up"));
  EXPECT_THAT(text, HasSubstr(kOurs));
  EXPECT_THAT(text, HasSubstr("Your mail administrator needs to look into this."));
  EXPECT_THAT(text, Not(HasSubstr("their domain")));
}

TEST_F(SideTest, WhatPostfixSaysItselfIsOurs) {
  const std::string large = told({"", "X-Postfix; message file too big"});
  EXPECT_THAT(large, HasSubstr("Your message is larger than our own mail service takes."));
  EXPECT_THAT(large, HasSubstr(kOurs));
  const std::string loop = told({"", "X-Postfix; mail for example.net loops back to myself"});
  EXPECT_THAT(loop, HasSubstr("Your mail administrator needs to look into this."));
  EXPECT_THAT(loop, HasSubstr(kOurs));
  EXPECT_THAT(loop, Not(HasSubstr("their own mail administrator")));
}

TEST_F(SideTest, OnesOwnStoreIsOurs) {
  const std::string text =
      told({"", "X-Postfix; SMTPUTF8 is required, but was not offered by host ::1[::1]"});
  EXPECT_THAT(text, HasSubstr("our own mail service can't handle some characters in the message"));
  EXPECT_THAT(text, HasSubstr("Your mail administrator needs to look into this."));
  EXPECT_THAT(text, HasSubstr(kOurs));
}

// Postfix itself says so, and it is about the other server.
TEST_F(SideTest, WhatPostfixSaysOfAnotherServerIsTheirs) {
  EXPECT_THAT(told({"",
                    "X-Postfix; message size 4000 exceeds size limit 3000 of server "
                    "mx.example.net[192.0.2.7]"}),
              HasSubstr("the recipient's mail service takes"));
  EXPECT_THAT(told({"",
                    "X-Postfix; SMTPUTF8 is required, but was not offered by host "
                    "mx.example.net[192.0.2.7]"}),
              HasSubstr("the recipient's mail service can't handle"));
  const std::string unreachable =
      told({"", "X-Postfix; connect to mx.example.net[192.0.2.7]:25: Connection timed out", "",
            "4.4.1"});
  EXPECT_THAT(unreachable, HasSubstr("✓ Our mail service → ✗ example.net (no answer)"));
  EXPECT_THAT(unreachable, HasSubstr("The problem is on the recipient's side."));
  EXPECT_THAT(told({"",
                    "X-Postfix; Host or domain name not found. Name service error for "
                    "name=example.net type=AAAA: Host not found"}),
              HasSubstr("✓ Our mail service → ✗ example.net (no such domain)"));
}

TEST_F(SideTest, ARemoteServersWordsAreTheirs) {
  const std::string text = told({"mx.example.net", "smtp; 554 5.7.1 Message looks like spam"});
  EXPECT_THAT(text, HasSubstr("The recipient's mail service took your message for spam."));
  EXPECT_THAT(text, HasSubstr(kTheirs));
  EXPECT_THAT(text, HasSubstr("The answer came from the mail server mx.example.net."));
}

TEST_F(SideTest, TheAddressOfAServerBehindThemIsNotTheirs) {
  EXPECT_THAT(told({"mx.example.net",
                    "smtp; 550 host filter.example.com[10.0.0.5] said: 554 5.7.1 Message looks "
                    "like spam"}),
              HasSubstr(kTheirs));
}

TEST_F(SideTest, WhereNobodyIsNamedNoSideIsToBlame) {
  const std::string text = told({"", "smtp; 554 5.7.1 Message looks like spam"});
  EXPECT_THAT(text, HasSubstr("A mail service along the way took your message for spam."));
  EXPECT_THAT(text,
              HasSubstr("✓ You → ✗ A mail service along the way (taken for spam) → example.net"));
  EXPECT_THAT(text, Not(HasSubstr("heir mail service")));
}

TEST_F(SideTest, AStrangersServerSaysNothingOfTheReadersAccount) {
  const std::string reply = "550 5.7.1 Your account has been suspended for sending spam";
  const std::string text =
      told({"mx.example.net", "smtp; " + reply, "host mx.example.net[192.0.2.7] said: " + reply});
  EXPECT_THAT(text, HasSubstr("says the recipient's mail service"));
  EXPECT_THAT(text, HasSubstr("The mail server mx.example.net says this about your account."));
  EXPECT_THAT(text, HasSubstr("> 550 5.7.1 Your account has been suspended for sending spam"));
  EXPECT_THAT(text, HasSubstr(kTheirs));
  EXPECT_THAT(text, Not(HasSubstr("has been stopped from sending")));
  EXPECT_THAT(text, Not(HasSubstr("change it at once")));
  const std::string own = told({"relay.example.org", "smtp; " + reply});
  EXPECT_THAT(own, HasSubstr("Your email account has been stopped from sending."));
  EXPECT_THAT(own, HasSubstr(kOurs));
}

TEST_F(SideTest, WhatAStrangersServerSaysOfTheReadersDomainOrServerIsItsOwnToSay) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> claims = {
      {"550 5.7.23 SPF check failed",
       {"he recipient's mail service couldn't confirm that the message comes from you",
        "and says that your message failed that check."}},
      {"554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org",
       {"The recipient's mail service says that our server is on zen.spamhaus.org, a list"}},
      {"554 5.7.1 We accept no mail from 192.0.2.9: no PTR record.",
       {"he recipient's mail service couldn't confirm our mail server's name",
        "The recipient's mail service says that it couldn't confirm"}},
      {"450 4.7.1 You have exceeded the rate limit",
       {"he recipient's mail service says that too much mail was sent"}},
      {"550 5.1.8 Sender address rejected: Domain not found",
       {"he recipient's mail service doesn't accept your sender address"}}};
  for (const auto& [reply, said] : claims) {
    const std::string text = told({"mx.example.net", "smtp; " + reply});
    for (const std::string& sentence : said) EXPECT_THAT(text, HasSubstr(sentence)) << reply;
  }
}

TEST_F(SideTest, OwnHostsOfTheConfAreOurs) {
  const Delivery refused{"smtp.provider.example", "smtp; 554 5.7.1 Message looks like spam"};
  EXPECT_THAT(told(refused), HasSubstr(kTheirs));
  Knowledge informed = Knowledge::load();
  informed.set_own_hosts(OwnHosts({"*.provider.example"}));
  EXPECT_THAT(user_part(refused, informed), HasSubstr(kOurs));
}

// ---- Advice while it is still tried ----

TEST_F(SideTest, ADelayThatWaitingDoesNotEndAsksToActNow) {
  Delivery refused{"mail.example.net",
                   "smtp; 554 5.7.1 We accept no mail from 192.0.2.9: no PTR record.",
                   "host mail.example.net[192.0.2.178] refused to talk to me: 554 5.7.1 We accept "
                   "no mail from 192.0.2.9: no PTR record.",
                   "4.7.1", "delayed"};
  const std::string text = told(refused);
  EXPECT_THAT(text, HasSubstr("Waiting alone won't help."));
  EXPECT_THAT(text, HasSubstr("Your mail administrator needs to look into this."));
  EXPECT_THAT(text, HasSubstr("1. Forward this whole notice"));
  EXPECT_THAT(text, Not(HasSubstr("Just wait")));
  for (const char* const lasting :
       {"450 4.7.25 Client host rejected: cannot find your hostname",
        "454 4.7.1 Relay access denied", "451 4.7.1 Rejected by DMARC policy of example.org",
        "450 4.7.0 Must issue STARTTLS first"}) {
    refused.diagnostic = std::string("smtp; ") + lasting;
    refused.passage = std::string("host mail.example.net[192.0.2.178] said: ") + lasting;
    EXPECT_THAT(told(refused), HasSubstr("Waiting alone won't help.")) << lasting;
    EXPECT_THAT(told(refused), Not(HasSubstr("Just wait"))) << lasting;
  }
  refused.diagnostic = "smtp; 451 4.7.1 Greylisted, please try again in 5 minutes";
  refused.passage = "";
  EXPECT_THAT(told(refused), HasSubstr("1. Just wait."));
}

// ---- Mail that nobody wrote to the recipient by hand ----

TEST_F(SideTest, AnAutomaticReplyAsksNobodyToDoAnything) {
  Delivery bounced{"mx.example.net", "smtp; 550 5.1.1 User unknown", "", "5.1.1"};
  bounced.returned = "Auto-Submitted: auto-replied (vacation)\n";
  const std::string text = told(bounced);
  EXPECT_THAT(text, HasSubstr("Your automatic reply to jonas@example.net wasn't delivered"));
  EXPECT_THAT(text, HasSubstr("This was an automatic reply"));
  EXPECT_THAT(text, HasSubstr("There is nothing to do."));
  for (const char* const advice : {"letter by letter", "Your message to", "1. ", "won't help"}) {
    EXPECT_THAT(text, Not(HasSubstr(advice)));
  }
  bounced.returned = "Auto-Submitted: no\n";
  EXPECT_THAT(told(bounced), Not(HasSubstr("There is nothing to do.")));
  EXPECT_THAT(told(bounced), HasSubstr("Your message to jonas@example.net"));
}

TEST_F(SideTest, WhatStopsAllMailIsForTheAdministratorWhateverItWas) {
  Delivery blocked{"mx.example.net",
                   "smtp; 554 5.7.1 Client host [192.0.2.9] blocked using zen.spamhaus.org"};
  for (const char* const fields :
       {"Auto-Submitted: auto-replied\n", "Auto-Submitted: auto-generated\n", "List-Id: <a.b>\n"}) {
    blocked.returned = fields;
    const std::string text = told(blocked);
    EXPECT_THAT(text, HasSubstr("Your mail administrator needs to look into this.")) << fields;
    EXPECT_THAT(text, HasSubstr("- Forward this whole notice")) << fields;
    EXPECT_THAT(text, Not(HasSubstr("There is nothing to do."))) << fields;
  }
}

TEST_F(SideTest, AProgramsMailIsForWhoeverLooksAfterTheProgram) {
  Delivery bounced{"mx.example.net", "smtp; 550 5.1.1 User unknown", "", "5.1.1"};
  bounced.returned = "Auto-Submitted: auto-generated\n";
  const std::string text = told(bounced);
  EXPECT_THAT(text, HasSubstr("An automatic message to jonas@example.net wasn't delivered"));
  EXPECT_THAT(text, HasSubstr("Unless you look after that program"));
  EXPECT_THAT(text, HasSubstr("- If you look after that program, correct the address"));
  EXPECT_THAT(text, Not(HasSubstr("letter by letter")));
  bounced.diagnostic = "smtp; 552 5.3.4 Message too big";
  bounced.status = "5.3.4";
  EXPECT_THAT(told(bounced), HasSubstr("You may have to change what it sends."));
}

TEST_F(SideTest, MailOfAListIsForWhoeverLooksAfterTheList) {
  Delivery bounced{"mx.example.net", "smtp; 550 5.1.1 User unknown", "", "5.1.1"};
  bounced.returned = "List-Id: <team.example.org>\nPrecedence: list\n";
  std::string text = told(bounced);
  EXPECT_THAT(text, HasSubstr("marked as mail of a mailing list"));
  EXPECT_THAT(text, HasSubstr("- If you look after the list, check the address there."));
  EXPECT_THAT(text, Not(HasSubstr("letter by letter")));
  EXPECT_THAT(text, HasSubstr("no need to send it to everybody again"));
  bounced.diagnostic = "smtp; 552 5.2.2 Mailbox full";
  bounced.status = "5.2.2";
  text = told(bounced);
  EXPECT_THAT(text, HasSubstr("- If you look after the list, keep the address on it"));
}

TEST_F(SideTest, WhileItIsStillTriedNobodyHasToLookAfterIt) {
  Delivery waiting{"mx.example.net", "smtp; 451 4.7.1 Greylisted, please try again", "", "4.7.1",
                   "delayed"};
  waiting.returned = "Auto-Submitted: auto-replied\n";
  const std::string text = told(waiting);
  EXPECT_THAT(text,
              HasSubstr("Your automatic reply to jonas@example.net hasn't been delivered yet"));
  EXPECT_THAT(text, HasSubstr("There is nothing to do for now."));
  EXPECT_THAT(text, Not(HasSubstr("1. ")));
}

}  // namespace
}  // namespace plainbounce

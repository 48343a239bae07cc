// What strangers can make the house say, and to whom.
#include "lib/notice/readers.h"

#include <algorithm>

#include "tests/unit/notice_fixture.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;

bool outside(const std::string& reader, const std::vector<std::string>& own,
             std::string_view mta = "mx1.mail.example.co.uk") {
  return is_outside(std::vector<std::string>{reader}, own, mta);
}

TEST(ReadersTest, WithoutDomainsOfItsOwnTheHouseIsTheMtasRegisteredDomain) {
  EXPECT_FALSE(outside("anna@example.co.uk", {}));
  EXPECT_FALSE(outside("anna@staff.EXAMPLE.co.uk", {}));
  EXPECT_FALSE(outside("root", {}));
  EXPECT_TRUE(outside("anna@example.com", {}));
  EXPECT_TRUE(outside("anna@notexample.co.uk", {}));
  EXPECT_FALSE(outside("anna@mail", {}, "mail"));
  EXPECT_TRUE(outside("anna@example.com", {}, "mail"));
  EXPECT_FALSE(outside("anna@example.com", {}, ""));
}

TEST(ReadersTest, DomainsOfTheConfStandInItsPlace) {
  EXPECT_FALSE(
      outside("anna@b\xC3\xBC"
              "cher.example",
              {"xn--bcher-kva.example"}));
  EXPECT_FALSE(outside("anna@sub.example.net", {"example.com", "example.net"}));
  EXPECT_TRUE(outside("anna@example.co.uk", {"example.com"}));
}

TEST(ReadersTest, OneStrangerAmongThemIsEnough) {
  const std::vector<std::string> readers = {"anna@example.co.uk", "eve@evil.example"};
  EXPECT_TRUE(is_outside(readers, {}, "mx.example.co.uk"));
}

TEST(ReadersTest, ThePostmasterIsThatOfTheMtasRegisteredDomain) {
  EXPECT_EQ(contact_domain({}, "mx1.mail.example.co.uk"), "example.co.uk");
  EXPECT_EQ(contact_domain({}, "mail"), "mail");
  EXPECT_EQ(contact_domain({}, ""), "");
  const std::vector<std::string> own = {"staff.example.org", "Example.CO.UK"};
  EXPECT_EQ(contact_domain(own, "mx1.example.co.uk"), "example.co.uk");
  EXPECT_EQ(contact_domain(own, "mx1.hosting.example"), "staff.example.org");
}

class OutsideTest : public NoticeFixture {
 protected:
  static House house() {
    House house;
    house.organisation = "Example University";
    house.help_name = "IT help desk";
    house.help_email = "help@example.edu";
    house.help_phone = "1234";
    house.help_url = "https://help.example.edu/";
    house.logo = "EXU";
    house.accent = "#00558c";
    house.accent_dark = "#7cc4f5";
    house.signature = "Your IT team";
    house.extra["relay-denied"] = "See our page.";
    return house;
  }

  static Report report_of_stranger() {
    Report one = report();
    one.returned.subject = "Zebra wanted";
    one.returned.from = {{"Bank", "bank@evil.example"}};
    one.returned.to = {{"Call 555", "anna@example.com"}, {"", "bob@example.com"}};
    one.returned.message_id = "call.555@evil.example";
    one.original_envelope_id = "call 555";
    one.original_sender = "call.555@evil.example";
    return one;
  }
};

TEST_F(OutsideTest, AReaderOfAnotherHouseGetsNothingOfOursAndNothingOfTheMessages) {
  for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
    for (const Side side : {Side::kOurs, Side::kTheirs, Side::kUnknown}) {
      RecipientDiagnosis one = recipient("anna@example.com", static_cast<Cause>(cause));
      one.side = side;
      const Notice notice =
          write(report_of_stranger(), {one}, to_outsiders(house(), "example.edu"));
      for (const std::string& part : {notice.subject, notice.text, notice.html}) {
        for (const char* const ours :
             {"Example University", "help desk", "help@", "1234", "help.example.edu", "IT team",
              "See our page", "EXU", "#00558c", "#7cc4f5", "Zebra", "Bank", "555", "bob@",
              "our own mail service"}) {
          EXPECT_THAT(part, Not(HasSubstr(ours))) << id_of(static_cast<Cause>(cause));
        }
      }
      EXPECT_THAT(unwrapped(notice.text), HasSubstr("somebody may have used your address"));
    }
  }
}

TEST_F(OutsideTest, TheHouseIsNamedByItsDomain) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kRelayDenied);
  one.side = Side::kOurs;
  one.actor = Actor::kSenderAdmin;
  const Notice notice = write(report(), {one}, to_outsiders(house(), "example.edu"));
  EXPECT_THAT(unwrapped(notice.text), HasSubstr("mail administrators of example.edu"));
  EXPECT_THAT(unwrapped(notice.text), HasSubstr("postmaster@example.edu"));
}

TEST_F(OutsideTest, OneOfTheHouseSeesTheSubjectQuotedAndShort) {
  Report one = report();
  one.returned.subject = "Minutes " + std::string(200, 'x');
  const Notice notice = write(one, {recipient("anna@example.com", Cause::kMailboxFull)}, house());
  EXPECT_THAT(notice.subject, HasSubstr("(\"Minutes xxx"));
  EXPECT_LT(notice.subject.size(), 120U);
}

TEST_F(OutsideTest, AnAddressIsNoSentence) {
  for (const char* const address :
       {"\"Your account is locked: call 555\"@evil.example", "Your account is locked@evil.example",
        "anna@Your account is locked", "Your account is locked"}) {
    const Notice notice = write(recipient(address, Cause::kRecipientUnknown));
    EXPECT_THAT(headline(notice), Not(HasSubstr("locked"))) << address;
    EXPECT_THAT(notice.subject, Not(HasSubstr("locked"))) << address;
  }
  const std::string longest = std::string(100, 'a') + "@" + std::string(100, 'b') + ".example";
  const Notice notice = write(recipient(longest, Cause::kRecipientUnknown));
  EXPECT_THAT(headline(notice), Not(HasSubstr(std::string(60, 'a'))));
  EXPECT_THAT(headline(notice), HasSubstr("b.example"));
}

TEST_F(OutsideTest, ANewAddressStandsInNoHeadlineAndIsAStepWithinItsDomainOnly) {
  RecipientDiagnosis one = recipient("anna@example.com", Cause::kRecipientMoved);
  one.facts.new_address = "ceo@evil.example";
  Notice notice = write(one);
  EXPECT_THAT(headline(notice), Not(HasSubstr("evil")));
  const std::string text = unwrapped(user_part(notice));
  EXPECT_THAT(text, HasSubstr("gives this new address: ceo@evil.example"));
  EXPECT_THAT(text, HasSubstr("Ask the person for the new address"));
  one.facts.new_address = "anna.b@example.com";
  notice = write(one);
  EXPECT_THAT(headline(notice), Not(HasSubstr("anna.b")));
  EXPECT_THAT(unwrapped(user_part(notice)), HasSubstr("Make sure that anna.b@example.com belongs"));
}

TEST_F(OutsideTest, WhereNoNewAddressIsNamedNoneIsTold) {
  const Notice notice = write(report(), {recipient("anna", Cause::kRecipientMoved),
                                         recipient("bob", Cause::kRecipientMoved)});
  EXPECT_THAT(notice.text, Not(HasSubstr("new address: )")));
}

}  // namespace
}  // namespace plainbounce

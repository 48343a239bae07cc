// Notices in a language that runs from right to left, and text that does in one that doesn't.
#include <sstream>

#include "lib/reply/reply.h"
#include "tests/unit/notice_fixture.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Enough of Arabic to see where things stand; the rest is English.
constexpr const char* kArabic = R"(
[meta]
language = "ar"
locale = "ar-u-nu-latn"
direction = "rtl"
[format]
arrow = "←"
[headline]
failed = "لم تُسلَّم رسالتك إلى {recipients}: {reason}"
[short]
failed = "لم تُسلَّم: {reason}"
to = "رسالتك إلى {recipients}"
[cause.mailbox-full]
reason = "صندوق البريد ممتلئ"
[label]
queue_id = "معرّف الرسالة"
)";

class RightToLeftTest : public NoticeFixture {
 protected:
  static Notice arabic(const std::vector<RecipientDiagnosis>& recipients) {
    Catalogue catalogue = Catalogue::load();
    catalogue.add(Messages::parse("ar.toml", kArabic));
    House house;
    house.language = "ar";
    return write_notice(report(), Diagnosis{recipients}, *knowledge_, catalogue, house);
  }

  static RecipientDiagnosis full(const std::string& address) {
    RecipientDiagnosis one = recipient(address, Cause::kMailboxFull);
    one.reply = parse_reply("552 5.2.2 mailbox full");
    return one;
  }
};

TEST_F(RightToLeftTest, DirectionAndLanguageAreDeclared) {
  const Notice notice = arabic({full("anna@example.com")});
  EXPECT_TRUE(notice.right_to_left);
  EXPECT_THAT(notice.html, HasSubstr("<html lang=\"ar\" dir=\"rtl\">"));
  EXPECT_THAT(notice.html, HasSubstr("<bdi>4XyZ12abC</bdi>"));
  EXPECT_THAT(notice.html, HasSubstr("<pre dir=\"ltr\""));
}

TEST_F(RightToLeftTest, AddressesAreIsolated) {
  const std::string text = arabic({full("anna@example.com")}).text;
  EXPECT_THAT(text, StartsWith("\u200Fلم تُسلَّم: \u2068صندوق البريد ممتلئ\u2069\n"));
  EXPECT_THAT(text, HasSubstr("\n\u200Fرسالتك إلى \u2068\u2068anna@example.com\u2069\u2069\n"));
  EXPECT_THAT(arabic({full("a@x.example"), full("b@x.example")}).text,
              HasSubstr("\u2068a@x.example\u2069 و\u2068b@x.example\u2069"));
}

TEST_F(RightToLeftTest, AListRunsAsThePageDoes) {
  Report mail = report();
  mail.returned.present = true;
  mail.returned.to = {{"", "a@x.example"}, {"", "b@x.example"}};
  Catalogue catalogue = Catalogue::load();
  catalogue.add(Messages::parse("ar.toml", kArabic));
  House house;
  house.language = "ar";
  const Notice notice =
      write_notice(mail, Diagnosis{{full("a@x.example")}}, *knowledge_, catalogue, house);
  EXPECT_THAT(notice.html,
              HasSubstr("</span> \u2068a@x.example\u2069 و\u2068b@x.example\u2069</p>"));
}

TEST_F(RightToLeftTest, EveryLineOfOursStartsFromTheRight) {
  const Notice notice = arabic({full("anna@example.com")});
  const std::size_t original = notice.text.find("This is the mail system");
  ASSERT_NE(original, std::string::npos);
  std::istringstream lines(notice.text.substr(0, original));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    if (line.find("552 5.2.2 mailbox full") != std::string::npos) {
      EXPECT_THAT(line, StartsWith("  > 552"));
    } else {
      EXPECT_THAT(line, StartsWith("\u200F"));
    }
  }
  EXPECT_THAT(notice.text.substr(original), Not(HasSubstr("\u200F"))) << "what isn't ours stays";
  EXPECT_THAT(notice.text, HasSubstr(" ← "));
  EXPECT_THAT(notice.text, HasSubstr("معرّف الرسالة\u2069:"));
  EXPECT_THAT(notice.text, HasSubstr("  \u20684XyZ12abC\n"));
  expect_narrow(notice.text);
}

TEST_F(RightToLeftTest, RightToLeftTextIsIsolatedInOtherLanguages) {
  const std::string address = "שלום@example.com";
  const Notice notice = write(recipient(address, Cause::kMailboxFull));
  EXPECT_EQ(headline(notice), "Your message to \u2068\u2068" + address +
                                  "\u2069\u2069 wasn't delivered: the mailbox is full");
  EXPECT_THAT(write(recipient("anna@example.com", Cause::kMailboxFull)).text,
              Not(HasSubstr("\u2068")));
}

}  // namespace
}  // namespace plainbounce

// Which language a notice speaks, and how it stands in two.
#include "lib/notice/language.h"

#include "tests/unit/notice_fixture.h"

namespace plainbounce {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class LanguageTest : public NoticeFixture {
 protected:
  LanguageTest() {
    for (const char* language : {"de", "pt-BR", "zh", "ja", "uk", "ar"}) {
      const std::string direction = std::string_view(language) == "ar" ? "rtl" : "ltr";
      all_.add(Messages::parse(
          "x.toml", "[meta]\nlanguage = \"" + std::string(language) + "\"\ndirection = \"" +
                        direction + "\"\n[also]\nbelow = \"(" + language + " stands below.)\"\n" +
                        "[label]\nwhat_happened = \"(" + language + ": what)\"\n"));
    }
  }

  std::string chosen(const Report& report, const std::vector<std::string>& readers = {}) const {
    return choose_language(report, readers, house_, all_).first->language();
  }

  Catalogue all_ = Catalogue::load();
  House house_;
};

TEST_F(LanguageTest, TagsAreServedByTheNearestLanguage) {
  EXPECT_EQ(all_.messages("pt").language(), "pt-BR");
  EXPECT_EQ(all_.messages("pt-PT").language(), "pt-BR");
  EXPECT_EQ(all_.messages("zh-CN").language(), "zh");
  EXPECT_EQ(all_.messages("zh-Hans-SG").language(), "zh");
  EXPECT_EQ(all_.messages("de-AT").language(), "de");
  EXPECT_EQ(all_.messages("de_CH.UTF-8").language(), "en") << "a locale's name is no tag";
  EXPECT_EQ(all_.messages("en-US").language(), "en");
  EXPECT_EQ(all_.messages("tlh").language(), "en");
  EXPECT_EQ(all_.find_own("zh-TW"), nullptr) << "other characters";
  EXPECT_EQ(all_.find_own("pt-PT"), all_.find("pt-BR"));
}

TEST_F(LanguageTest, ATagsOldNameIsAsGoodAsItsNew) {
  EXPECT_EQ(all_.messages("cmn-Hans-CN").language(), "zh");
  all_.add(Messages::parse("he.toml", "[meta]\nlanguage = \"he\"\ndirection = \"rtl\"\n"));
  EXPECT_EQ(all_.messages("iw").language(), "he");
  EXPECT_EQ(all_.messages("iw-IL").language(), "he");
}

TEST_F(LanguageTest, TheHousesMapComesFirst) {
  house_.languages = {{"example.edu", "de"},
                      {"lab.example.edu", "ja"},
                      {"Zoë@example.edu", "uk"},
                      {"ana@lab.example.edu", "pt"},
                      {"example.org", "xx"}};
  Report one = report();
  one.returned.accept_language = "zh";
  EXPECT_EQ(chosen(one, {"otto@Example.EDU"}), "de");
  EXPECT_EQ(chosen(one, {"otto@mail.example.edu"}), "de");
  EXPECT_EQ(chosen(one, {"otto@lab.example.edu"}), "ja");
  EXPECT_EQ(chosen(one, {"ANA@lab.example.edu"}), "pt-BR");
  EXPECT_EQ(chosen(one, {"otto@example.com"}), "zh");
  EXPECT_EQ(chosen(one, {"otto@notexample.edu"}), "zh");
  EXPECT_EQ(chosen(one, {"otto@example.org"}), "zh") << "a language that there isn't";
  EXPECT_EQ(chosen(one, {"otto@example.com", "otto@example.edu"}), "de");
  EXPECT_EQ(chosen(one), "zh");
  one.original_sender = "otto@example.edu";
  EXPECT_EQ(chosen(one), "de");
}

TEST_F(LanguageTest, TheMessagesOwnFieldsComeNext) {
  house_.language = "de";
  Report one = report();
  EXPECT_EQ(chosen(one), "de");
  one.returned.content_language = "pt-PT";
  one.returned.subject = "会议记录";
  EXPECT_EQ(chosen(one), "pt-BR");
  one.returned.accept_language = "qaa, uk;q=0.9, en;q=0.8";
  EXPECT_EQ(chosen(one), "uk");
  one.returned.accept_language = "en;q=0.5, zh-CN;q=0.9";
  EXPECT_EQ(chosen(one), "zh");
  one.returned.accept_language = "qaa";
  EXPECT_EQ(chosen(one), "pt-BR") << "nothing is written in a language without a name";
}

TEST_F(LanguageTest, OddFieldsAreNoHint) {
  Report one = report();
  for (const std::string& odd :
       {std::string("*"), std::string(";;;q=,"), std::string("de;q=zero"), std::string(100000, 'd'),
        std::string("\xff\xfe\0", 3), std::string("i-default")}) {
    one.returned.accept_language = odd;
    one.returned.content_language = odd;
    EXPECT_EQ(chosen(one), "en") << odd.substr(0, 20);
  }
}

TEST_F(LanguageTest, TheSubjectIsAWeakHint) {
  house_.language = "de";
  Report one = report();
  one.returned.subject = "=";
  one.returned.header_charset = "iso-2022-jp";
  EXPECT_EQ(chosen(one), "ja");
  one.returned.header_charset = "utf-8";
  one.returned.subject = "محضر الاجتماع";
  EXPECT_EQ(chosen(one), "ar");
  one.returned.content_language = "pt-BR";
  EXPECT_EQ(chosen(one), "pt-BR") << "a field outweighs it";
}

TEST_F(LanguageTest, ALanguageThatIsNamedBarsWhatTheSubjectSpeaksFor) {
  house_.language = "de";
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"fa-IR", "محضر الاجتماع"},  {"ckb", "دعوة إلى حفل"},
      {"ko-KR", "会议记录"},       {"ko", "会議のお知らせ"},
      {"zh-TW", "会议记录"},       {"zh-Hant", "发票"},
      {"zh-HK", "会议记录"},       {"yue", "会议记录"},
      {"ru-RU", "Звіт за місяць"}, {"be, ru;q=0.5", "Зустріч щодо її звіту"},
  };
  for (const auto& [named, subject] : cases) {
    Report one = report();
    one.returned.subject = subject;
    EXPECT_NE(chosen(one), "de") << subject;
    one.returned.accept_language = named;
    EXPECT_EQ(chosen(one), "de") << named;
    one.returned.accept_language.clear();
    one.returned.content_language = named;
    EXPECT_EQ(chosen(one), "de") << named;
    one.returned.content_language = "en-US, " + std::string(named);
    EXPECT_EQ(chosen(one), "en") << named << ": English is served, and named, too";
  }
}

TEST_F(LanguageTest, ACharsetCountsForNothingWhereALanguageIsNamed) {
  Report one = report();
  one.returned.subject = "请求";
  one.returned.header_charset = "gb2312";
  EXPECT_EQ(chosen(one), "zh");
  one.returned.content_language = "ko";
  EXPECT_EQ(chosen(one), "en");
  one.returned.content_language.clear();
  one.returned.header_charset = "big5";
  one.returned.subject = "下週會議安排";
  EXPECT_EQ(chosen(one), "en") << "nothing is written in traditional characters";
}

TEST_F(LanguageTest, WhatNamesNoLanguageBarsNothing) {
  for (const char* nothing : {"*", "und", "mul", "zxx", "i-default", "", ";;;q=,", "ko;q=0", "x-y",
                              "english", "ko;q=high", "de_CH.UTF-8"}) {
    Report one = report();
    one.returned.subject = "会议记录";
    one.returned.accept_language = nothing;
    one.returned.content_language = nothing;
    EXPECT_EQ(chosen(one), "zh") << nothing;
  }
}

// Mail programs write the language of their dictionary there, which is English unless somebody
// installed another.
TEST_F(LanguageTest, ASubjectOutweighsContentLanguageEnglish) {
  house_.language = "de";
  for (const auto& [subject, language] :
       std::vector<std::pair<std::string, std::string>>{{"会議のお知らせ", "ja"},
                                                        {"Re: 図面送付", "ja"},
                                                        {"Звіт за місяць", "uk"},
                                                        {"محضر الاجتماع", "ar"},
                                                        {"会议记录", "zh"},
                                                        {"회의록", "en"},
                                                        {"Протокол собрания", "en"},
                                                        {"Trip to 北京", "en"},
                                                        {"Minutes", "en"}}) {
    for (const char* english : {"en-US", "en", "en-GB", "EN-us", "en-US, en-GB"}) {
      Report one = report();
      one.returned.subject = subject;
      one.returned.content_language = english;
      EXPECT_EQ(chosen(one), language) << subject << " " << english;
      one.returned.accept_language = "en-US";
      EXPECT_EQ(chosen(one), "en") << "whoever asks for English gets it: " << subject;
    }
  }
}

TEST_F(LanguageTest, NobodyGetsALanguageOfAnotherScriptInsteadOfTheirOwn) {
  house_.language = "de";
  for (const char* named : {"bo", "bo-CN", "za", "za-CN", "zh-TW", "zh-Hant-HK", "yue-Hant", "fa",
                            "ckb", "ru", "be", "ko"}) {
    for (const char* subject : {"", "Minutes", "会议记录"}) {
      Report one = report();
      one.returned.subject = subject;
      one.returned.accept_language = named;
      EXPECT_EQ(chosen(one), "de") << named;
      one.returned.accept_language = std::string(named) + ", ja;q=0.5";
      EXPECT_EQ(chosen(one), "ja") << named;
    }
  }
}

TEST_F(LanguageTest, TheNearestLanguageCountsWhereItIsReadInTheSameLetters) {
  house_.language = "ja";
  Report one = report();
  for (const auto& [named, language] :
       std::vector<std::pair<std::string, std::string>>{{"lb", "de"},
                                                        {"is", "en"},
                                                        {"is, de;q=0.1", "de"},
                                                        {"ca", "es"},
                                                        {"ka", "en"},
                                                        {"bo, is;q=0.5", "en"}}) {
    one.returned.accept_language = named;
    EXPECT_EQ(chosen(one), language) << named;
  }
}

TEST_F(LanguageTest, LanguagesThatAreWrittenInNoNoticeKeepTheDefault) {
  house_.language = "pt-BR";
  for (const char* subject : {"회의 자료 송부",       "Re: 견적 요청",     "Toplantı tutanağı",
                              "Zápis z porady",       "Biên bản cuộc họp", "صورتجلسه",
                              "دعوت به جشن تولد",     "פרוטוקול הישיבה",   "תזכורת: פגישה מחר",
                              "Πρακτικά συνεδρίασης", "รายงานการประชุม",    "बैठक का कार्यवृत्त",
                              "Notulen rapat",        "Протокол собрания", "Дамова і рахунак",
                              "Покана за среща",      "下週會議安排",      "Есеп беру мерзімі",
                              "اجلاس کی روداد",       "سورت جمڤوتن"}) {
    Report one = report();
    one.returned.subject = subject;
    EXPECT_EQ(chosen(one), "pt-BR") << subject;
  }
}

TEST_F(LanguageTest, ASecondLanguageStandsBelowTheFirst) {
  house_.language = "de";
  house_.second_language = "en";
  const Notice notice =
      write_notice(report(), Diagnosis{{recipient("anna@example.com", Cause::kMailboxFull)}},
                   *knowledge_, all_, house_);
  EXPECT_EQ(notice.language, "de");
  EXPECT_THAT(notice.text, HasSubstr("\n\nThis notice is repeated in English below.\n\n"));
  const std::size_t first = notice.text.find("(de: what)");
  const std::size_t second = notice.text.find("\nWhat happened\n");
  const std::size_t original = notice.text.find("This is the mail system");
  ASSERT_NE(first, std::string::npos);
  ASSERT_NE(second, std::string::npos);
  EXPECT_LT(first, second);
  EXPECT_LT(second, original);
  EXPECT_EQ(notice.text.find("This is the mail system", original + 1), std::string::npos);
  expect_narrow(notice.text);

  EXPECT_THAT(notice.html, HasSubstr("<html lang=\"de\" dir=\"ltr\">"));
  EXPECT_THAT(notice.html, HasSubstr("<p class=\"dim\" lang=\"en\" dir=\"ltr\""));
  EXPECT_LT(notice.html.find("<div lang=\"de\" dir=\"ltr\">"),
            notice.html.find("<div lang=\"en\" dir=\"ltr\" style="));
  EXPECT_LT(notice.html.size(), 30000U);
  expect_balanced(notice.html);
}

TEST_F(LanguageTest, ASecondLanguageMayRunTheOtherWay) {
  house_.language = "de";
  house_.second_language = "ar";
  const Notice notice =
      write_notice(report(), Diagnosis{{recipient("anna@example.com", Cause::kMailboxFull)}},
                   *knowledge_, all_, house_);
  EXPECT_FALSE(notice.right_to_left);
  EXPECT_THAT(notice.html, HasSubstr("<html lang=\"de\" dir=\"ltr\">"));
  EXPECT_THAT(notice.html, HasSubstr("<div lang=\"ar\" dir=\"rtl\" style="));
  EXPECT_THAT(notice.text, HasSubstr("\n(de: what)"));
  EXPECT_THAT(notice.text, HasSubstr("\n\u200F(ar: what)"));
}

TEST_F(LanguageTest, NothingIsSaidTwiceInOneLanguage) {
  house_.language = "de";
  house_.second_language = "de-AT";
  const Notice notice =
      write_notice(report(), Diagnosis{{recipient("anna@example.com", Cause::kMailboxFull)}},
                   *knowledge_, all_, house_);
  EXPECT_THAT(notice.text, Not(HasSubstr("repeated in English below")));
  EXPECT_THAT(notice.html, Not(HasSubstr("repeated in English below")));
}

}  // namespace
}  // namespace plainbounce

// Which language a subject speaks for.
#include "lib/notice/subject_language.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/embedded.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

void expect_all(std::string_view language, std::initializer_list<std::string_view> subjects) {
  for (const std::string_view subject : subjects) {
    EXPECT_EQ(language_of_subject("utf-8", subject), language) << subject;
  }
}

// Neither of the languages that notices are written in, whatever else may be said.
void expect_not(std::string_view language, std::initializer_list<std::string_view> subjects) {
  for (const std::string_view subject : subjects) {
    EXPECT_FALSE(language_of_subject("utf-8", subject).starts_with(language)) << subject;
  }
}

TEST(SubjectLanguageTest, LettersOfOneLanguageTellIt) {
  expect_all("ja", {"会議のお知らせ", "メール", "請求書の件", "【重要】システムメンテナンス",
                    "Re: サーバ"});
  expect_all("zh-Hans", {"会议记录 (PDF)", "发票", "下周会议安排", "报价单", "春节放假通知"});
  expect_all("ko", {"회의록", "견적 요청"});
  expect_all("ar",
             {"محضر الاجتماع", "دعوة إلى حفل", "طلب إجازة", "السلام عليكم", "تحديث البيانات"});
}

TEST(SubjectLanguageTest, LettersOfManyLanguagesTellNothing) {
  expect_all("", {"Minutes of the meeting", "Grüße", "Zápis z porady", "", "=", "12345", "???",
                  "\xff\xfe", "Акт", "Фото", "سلام", "موعد"});
}

TEST(SubjectLanguageTest, ReplyPrefixesDontCount) {
  expect_all("", {"转发: Angebot", "回复: Angebot", "回复：转发：Angebot 12", "Отв: Angebot",
                  "رد: Angebot", "返信: Angebot", "答复: AW: Angebot", "[转发] Angebot",
                  "Відп: Angebot", "Переслать: Angebot"});
  expect_all("ja", {"Re: 会議のお知らせ", "Fwd: AW: Re[2]: お礼", "RE : お礼",
                    "回复: 会議のお知らせ", "转发：お礼", "[EXTERNAL] Re: お礼",
                    "Antw: [ext] Re: お礼", "Re^3: お礼", "WG: お礼", "TR: お礼", "Sv(2): お礼"});
  expect_all("zh-Hans", {"AW: 会议记录", "返信: 会议记录"});
  expect_all("uk", {"Re: Звіт за місяць", "Пересл: Звіт за місяць"});
  expect_all("ar", {"Re: محضر الاجتماع", "RE: رد: محضر الاجتماع"});
}

TEST(SubjectLanguageTest, EveryPrefixOfTheTableIsTakenAway) {
  const std::vector<std::string_view> columns = {"prefix", "meaning", "languages"};
  const EmbeddedFile& file = embedded_file(notice_files(), "notice/subject-prefixes.tsv");
  for (const TableRow& row : parse_table(file.name, file.content, columns)) {
    const std::string prefix = std::string(row.cells[0]) + ": ";
    EXPECT_EQ(language_of_subject("", prefix + "Tee"), "") << prefix;
    EXPECT_EQ(language_of_subject("", prefix + "お礼"), "ja") << prefix;
    EXPECT_EQ(language_of_subject("", prefix + prefix + "Звіт за місяць"), "uk") << prefix;
  }
}

TEST(SubjectLanguageTest, EveryCharsetOfTheTableTellsItsLanguage) {
  const std::vector<std::string_view> columns = {"charset", "language"};
  const EmbeddedFile& file = embedded_file(notice_files(), "notice/subject-charsets.tsv");
  for (const TableRow& row : parse_table(file.name, file.content, columns)) {
    EXPECT_EQ(language_of_subject(row.cells[0], ""), row.cells[1]) << row.cells[0];
  }
}

TEST(SubjectLanguageTest, APrefixAloneIsNoSubject) {
  expect_all("", {"转发:", "回复：", "Отв:", "رد:", "Re: 回复: ", "转发: Re:"});
}

TEST(SubjectLanguageTest, OnlyAClearMajorityOfLettersCounts) {
  expect_all(
      "", {"Trip to 北京", "Yes (ノ◕ヮ◕)ノ", "(ノ◕ヮ◕)ノ", "щ(゜ロ゜щ)", "Hi \u00af\\_(ツ)_/\u00af",
           "Quarterly report of the 東 office in Tokyo", "Besuch bei ソニー in Tokio",
           "Rückmeldung: Зустріч", "Concert of Океан Ельзи in Warsaw", "Invoice 发票 2026",
           "Invitation from محمد", "東京 - Москва", "Best sushi in town: すしのや"});
  expect_all("ja", {"PDF添付のお知らせ", "Windowsアップデートのお知らせ"});
  expect_all("uk", {"Звіт за місяць (PDF)"});
}

TEST(SubjectLanguageTest, AWordOfUkrainianMakesNoUkrainianOfRussian) {
  expect_not("uk",
             {"Re: счёт от ТОВ «Київ Трейд» за октябрь", "Оплата от ТОВ «Київ Трейд» за октябрь",
              "Київ: отчет за октябрь", "Поставка для Київ Трейд", "Объявление для Зеленський",
              "Новый адрес: вул. Грушевського, Київ", "Это Українська правда?", "Отчет за месяц",
              "Протокол собрания", "Приглашение на встречу", "Договор"});
}

TEST(SubjectLanguageTest, NeighboursOfUkrainianAreNone) {
  expect_not("uk",
             {"Протокол от събранието", "Договор за наем", "Покана за среща", "Дамова і рахунак",
              "Справаздача за месяц", "Запрашэнне на сустрэчу", "Уговор о раду", "Спіс кніг",
              "Записник од состанок", "Позив на састанак", "Есеп беру мерзімі", "Келісім", "Кіріс",
              "Зарплата за ліпень", "Хурлын тэмдэглэл"});
}

TEST(SubjectLanguageTest, PlainUkrainianIsHeard) {
  expect_all("uk", {"Договір", "Звіт за місяць", "Зустріч щодо її звіту", "Заявка на відпустку",
                    "Запрошення на нараду у вівторок", "Рахунок на оплату послуг за жовтень",
                    "Прохання надати документи", "Замовлення книг"});
}

TEST(SubjectLanguageTest, PlainArabicIsHeard) {
  expect_all("ar", {"دعوة لحضور المؤتمر", "تأكيد الحجز", "شكرا لكم", "رسالة مهمة", "كشف حساب",
                    "إعلان هام", "وظيفة شاغرة", "تذكير بالموعد", "الفاتورة رقم 123"});
}

TEST(SubjectLanguageTest, CharactersThatOneScriptAloneHasTellJapanese) {
  expect_all("ja", {"会議資料送付", "図面送付", "売上報告", "見積依頼", "定例会議", "会議室予約"});
  expect_not("zh", {"御見積書", "新年会", "請求書", "株式会社", "納品書", "出張報告", "議事録"});
}

TEST(SubjectLanguageTest, CharactersOfSeveralScriptsTellNothing) {
  expect_all("", {"通知", "学校通知", "中国旅行", "参加年会", "出貨通知", "考試成績", "北京",
                  "東京", "新年会", "請求書", "預約確認"});
}

TEST(SubjectLanguageTest, TraditionalCharactersAreNotSimplified) {
  expect_not("zh-Hans", {"下週會議安排", "發票", "會議記錄", "報價單", "您好，請假單"});
  expect_not("ja", {"这个会议", "關於這個問題", "发票", "关于アニメ的讨论"});
}

TEST(SubjectLanguageTest, LettersThatArabicLacksRuleItOut) {
  expect_not("ar", {"گزارش جلسه پنجشنبه",
                    "دعوت به جشن تولد",
                    "درخواست مرخصی",
                    "قرارداد جدید",
                    "اعلام نتایج امتحانات",
                    "عکس تولد",
                    "سلام",
                    "الان",
                    "فاکتور",
                    "تعطیل",
                    "دعوت عام",
                    "دعوت نامہ",
                    "اجلاس کی روداد",
                    "رپورٹ",
                    "د غونډې رپوټ",
                    "د ملاقات وخت",
                    "سورت جمڤوتن",
                    "کۆبوونەوە",
                    "راپۆرتی مانگ",
                    "يىغىن خاتىرىسى",
                    "اجلاس جي رپورٽ",
                    "فروش ويژه",
                    "تسویه حساب",
                    "دوتنه بيانومول",
                    "اسرائيل جي رياست",
                    "قوش يا ئوق",
                    "طرح جامع"});
}

TEST(SubjectLanguageTest, ACharsetOfOneLanguageTellsIt) {
  EXPECT_EQ(language_of_subject("GB2312", ""), "zh-Hans");
  EXPECT_EQ(language_of_subject("iso-2022-jp", "御見積書"), "ja");
  EXPECT_EQ(language_of_subject("gb2312", "通知"), "zh-Hans");
  EXPECT_EQ(language_of_subject("big5", "通知"), "zh-Hant");
  EXPECT_EQ(language_of_subject("koi8-u", "Акт"), "uk");
  EXPECT_EQ(language_of_subject("windows-1251", "Протокол собрания"), "");
}

TEST(SubjectLanguageTest, LettersOutweighACharset) {
  EXPECT_EQ(language_of_subject("gb2312", "Re: Angebot"), "");
  EXPECT_EQ(language_of_subject("gb2312", "转发: Angebot"), "");
  EXPECT_EQ(language_of_subject("iso-2022-jp", "Re: Offer"), "");
  EXPECT_EQ(language_of_subject("iso-2022-jp", "Протокол собрания"), "");
  EXPECT_EQ(language_of_subject("gb2312", "お知らせ"), "") << "Japanese in a Chinese charset";
  EXPECT_EQ(language_of_subject("gbk", "會議記錄"), "") << "traditional characters";
  EXPECT_EQ(language_of_subject("koi8-u", "Новые счета"), "") << "Russian";
}

TEST(SubjectLanguageTest, AnySubjectIsTakenInItsStride) {
  std::string endless;
  for (int i = 0; i < 100000; ++i) endless += "回复：";
  EXPECT_EQ(language_of_subject("", endless), "");
  EXPECT_EQ(language_of_subject("", std::string(1000000, '[')), "");
  EXPECT_EQ(language_of_subject("", std::string("\0\x1b[\xed\xa0\x80", 7)), "");
  EXPECT_EQ(language_of_subject(std::string(100000, 'x'), "]:[:]"), "");
}

}  // namespace
}  // namespace plainbounce

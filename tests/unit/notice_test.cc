#include <gtest/gtest.h>

#include <sstream>

#include "lib/notice/wrap.h"
#include "lib/notice/write.h"

namespace plainbounce {
namespace {

class NoticeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    knowledge_ = new Knowledge(Knowledge::load());
    wording_ = new Wording(Wording::load());
  }
  static void TearDownTestSuite() {
    delete knowledge_;
    delete wording_;
  }

  static Report report() {
    Report report;
    report.kind = MessageKind::kReport;
    report.reporting_mta = "mx.example.edu";
    report.queue_id = "4XyZ12abC";
    report.returned.present = true;
    report.returned.subject = "Minutes of the meeting";
    report.returned.date = Timestamp{1795500000, 3600};
    report.returned.to = {{"Anna", "anna@example.com"}};
    report.notification.text = "This is the mail system at host mx.example.edu.\n\nSorry.\n";
    return report;
  }

  static RecipientDiagnosis recipient(const std::string& address, Cause cause,
                                      Outcome outcome = Outcome::kFailed) {
    RecipientDiagnosis result;
    result.address = address;
    result.cause = cause;
    result.outcome = outcome;
    result.actor = knowledge_->cause(cause).actor;
    result.confidence = Confidence::kCertain;
    return result;
  }

  static Notice write(const Report& report, const Diagnosis& diagnosis, const House& house = {}) {
    return write_notice(report, diagnosis, *knowledge_, *wording_, house);
  }

  static Notice write(const RecipientDiagnosis& recipient) {
    return write(report(), Diagnosis{{recipient}});
  }

  static Knowledge* knowledge_;
  static Wording* wording_;
};
Knowledge* NoticeTest::knowledge_ = nullptr;
Wording* NoticeTest::wording_ = nullptr;

TEST_F(NoticeTest, EveryCauseWithEveryOutcomeHasAHeadlineAndIsWrapped) {
  for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
    for (std::size_t outcome = 0; outcome < kOutcomeCount; ++outcome) {
      SCOPED_TRACE(std::string(cause_id(static_cast<Cause>(cause))) + " " +
                   std::string(outcome_id(static_cast<Outcome>(outcome))));
      const Notice notice = write(
          recipient("anna@example.com", static_cast<Cause>(cause), static_cast<Outcome>(outcome)));
      EXPECT_TRUE(notice.text.starts_with("Your message to anna@example.com ")) << notice.text;
      EXPECT_NE(notice.html.find("<h1"), std::string::npos);
      EXPECT_EQ(notice.text.find_first_of("{}"), std::string::npos) << notice.text;
      std::istringstream lines(notice.text);
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(display_width(line), kTextWidth) << line;
      }
    }
  }
}

TEST_F(NoticeTest, OriginalNoticeStandsVerbatimAtTheEndOfTheText) {
  const Notice notice = write(recipient("anna@example.com", Cause::kMailboxFull));
  EXPECT_TRUE(notice.text.ends_with(report().notification.text)) << notice.text;
}

}  // namespace
}  // namespace plainbounce

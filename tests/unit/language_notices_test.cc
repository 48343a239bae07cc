// Whole notices in every language file, with as many facts as there can be.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "lib/notice/wrap.h"
#include "lib/notice/write.h"
#include "lib/reply/reply.h"
#include "tests/unit/language_files.h"

namespace plainbounce {
namespace {

// A report on two addressees, one of whom is concerned, with as many facts as there can be.
struct SampleNotice {
  Report report;
  Diagnosis diagnosis;

  SampleNotice(Cause cause, Outcome outcome, Side side, const Knowledge& knowledge) {
    constexpr std::int64_t kMonday = 1795421520;  // 23 November 2026, 08:12 UTC
    constexpr std::int64_t kFiveDays = 5 * 86400;
    report.reporting_mta = "mx.example.edu";
    report.queue_id = "4XyZ12abC";
    report.returned.present = true;
    report.returned.subject = "Minutes of the meeting";
    report.returned.date = Timestamp{kMonday, 3600};
    report.returned.from = {{"", "otto@example.edu"}};
    report.returned.to = {{"Anna", "anna@example.com"}, {"", "ben@example.net"}};
    report.notification.text = "This is the mail system at host mx.example.edu.\n";
    RecipientDiagnosis one;
    one.address = "anna@example.com";
    one.cause = cause;
    one.outcome = outcome;
    one.side = side;
    one.actor = actor_of(knowledge.cause(cause), side);
    one.confidence = Confidence::kCertain;
    one.evidence = {.kind = Evidence::Kind::kRule, .rule = "some-rule"};
    one.reply = parse_reply("552 5.2.2 The mailbox of anna@example.com can't take more mail");
    one.status = one.reply.status;
    Facts& facts = one.facts;
    facts.message_size = std::uint64_t{34} << 20;
    facts.size_limit = std::uint64_t{25} << 20;
    facts.recipient_limit = 50;
    facts.retry_after = 300;
    facts.first_attempt = Timestamp{kMonday, 3600};
    facts.last_attempt = Timestamp{kMonday + kFiveDays, 3600};
    facts.retry_until = facts.last_attempt;
    facts.remote_host = "mx1.example.com";
    facts.provider = "gmail";
    facts.provider_name = "Google (Gmail)";
    facts.block_list = "zen.spamhaus.org";
    facts.refused_sender = "otto@example.edu";
    facts.new_address = "anna@example.org";
    facts.mechanism = "DMARC";
    facts.meant_address = "anne@example.com";
    diagnosis.recipients.push_back(one);
  }
};

// What becomes of the message, and on whose side.
constexpr std::array kKinds = {
    std::pair{Outcome::kFailed, Side::kTheirs},  std::pair{Outcome::kFailed, Side::kOurs},
    std::pair{Outcome::kFailed, Side::kUnknown}, std::pair{Outcome::kGaveUp, Side::kTheirs},
    std::pair{Outcome::kDelayed, Side::kTheirs}, std::pair{Outcome::kDelayed, Side::kOurs}};

class EveryFileNoticeTest : public testing::TestWithParam<std::string> {};

// Writes notices for every cause in this language; into PLAINBOUNCE_PREVIEW_DIR, if that is set.
TEST_P(EveryFileNoticeTest, NoticesAreWholeAndNarrow) {
  const Knowledge knowledge = Knowledge::load();
  Catalogue catalogue = Catalogue::load();
  catalogue.add(read_language_file(GetParam()));
  House house;
  house.language = GetParam();
  const char* const preview = std::getenv("PLAINBOUNCE_PREVIEW_DIR");
  for (std::size_t cause = 0; cause < kCauseCount; ++cause) {
    for (const auto& [outcome, side] : kKinds) {
      const SampleNotice sample(static_cast<Cause>(cause), outcome, side, knowledge);
      const Notice notice =
          write_notice(sample.report, sample.diagnosis, knowledge, catalogue, house);
      SCOPED_TRACE(notice.text);
      EXPECT_EQ(notice.language, GetParam());
      EXPECT_LT(notice.html.size(), 30000u);
      const std::string ours = notice.text.substr(0, notice.text.find("4XyZ12abC"));
      EXPECT_EQ(ours.find_first_of("{}"), std::string::npos);
      for (const char* hole : {"()", " .", "..", ": .", "@,", "\n\n\n"}) {
        EXPECT_EQ(ours.find(hole), std::string::npos) << '"' << hole << '"';
      }
      std::istringstream lines(notice.text);
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(display_width(line), kTextWidth) << line;
      }
      if (preview == nullptr) continue;
      const std::string name = fmt::format(
          "{}-{}-{}-{}", GetParam(), id_of(static_cast<Cause>(cause)), id_of(outcome), id_of(side));
      std::ofstream(std::filesystem::path(preview) / (name + ".txt")) << notice.subject << "\n\n"
                                                                      << notice.text;
      std::ofstream(std::filesystem::path(preview) / (name + ".html")) << notice.html;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, EveryFileNoticeTest, testing::ValuesIn(language_files()),
                         language_test_name);

}  // namespace
}  // namespace plainbounce

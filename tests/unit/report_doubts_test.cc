// Why a first part has no place that is certain.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "lib/mail/field_value.h"
#include "lib/mail/header.h"
#include "lib/report/doubt.h"
#include "lib/report/first_part.h"
#include "lib/report/returned_message.h"
#include "tests/unit/reading.h"
#include "tests/unit/report_parts.h"

namespace plainbounce {
namespace {

// A first part whose place isn't certain has no range, and a doubt says why.
void expect_doubt(const std::string& message, std::string_view why) {
  const Report report = read_report(message);
  EXPECT_EQ(report.notification.range.length, 0U) << message;
  EXPECT_EQ(id_of(report.notification.doubt), why) << message;
}

TEST(ReportDoubts, DoubtfulFirstPartHasNoRange) {
  const std::string sound = report_of({kText, kStatus});
  EXPECT_GT(read_report(sound).notification.range.length, 0U);
  std::string repeated_type = sound;
  repeated_type.insert(sound.find("\n\n--b"), "\nContent-Type: text/plain");
  expect_doubt(repeated_type, "type-repeated");
  std::string two_boundaries = sound;
  two_boundaries.insert(sound.find("\n\n--b"), ";\n\tBoundary = c");
  expect_doubt(two_boundaries, "boundary-repeated");
  expect_doubt("Content-Transfer-Encoding: base64\n" + sound, "multipart-encoded");
  expect_doubt(report_of({kText + "\r--b\rx", kStatus}), "delimiter-after-cr");
  expect_doubt(report_of({"Content-Type: text/plain\n" + kText, kStatus}), "part-type-repeated");
  expect_doubt(report_of({kStatus, kText}), "part-no-text");
  expect_doubt(report_of({"", kStatus}), "part-empty");
  expect_doubt(report_of({"Content-Type: text/plain\nno field\n\nx", kStatus}),
               "part-header-broken");
  expect_doubt(report_of({"Content-Type: multipart/mixed; boundary=b\n\n", kStatus}),
               "boundary-twice");
  expect_doubt(sound.substr(0, sound.find("--b\nContent-Type: message")), "unclosed");
  expect_doubt(report_of({"Content-Type: message/rfc822\n\nSubject: x\n\nx", kStatus}),
               "part-no-text");
}

TEST(ReportDoubts, EveryDoubtAboutTheWholeMessageHasItsId) {
  const std::string sound = report_of({kText, kStatus});
  expect_doubt("Content-Type: multipart/report; boundary=b\n\nno parts\n", "no-parts");
  expect_doubt("no field\n" + sound, "no-parts");
  std::string broken = sound;
  broken.insert(sound.find("\n\n--b"), ";\nx=y");
  expect_doubt(broken, "header-broken");
  std::string fields;
  for (std::size_t i = 0; i <= kMaxHeaderFields; ++i) fields += "X: y\n";
  expect_doubt(fields + sound, "no-parts");
  std::string more_fields = sound;
  more_fields.insert(sound.find("\n\n--b"), "\n" + fields.substr(0, fields.size() - 1));
  expect_doubt(more_fields, "many-fields");
  expect_doubt("X: " + std::string(kMaxNotification, 'x') + "\n" + sound, "header-too-long");
  const std::string separators(max_separators(kMaxMailboxes), ',');
  EXPECT_GT(read_report("Cc: " + separators + "\n" + sound).notification.range.length, 0U);
  expect_doubt("Cc: " + separators + "\nTo: ,\n" + sound, "header-too-long");
  // The report's own From counts, too.
  const std::string blanks(kMaxAddressBytes - 40, ' ');
  EXPECT_GT(read_report("To:" + blanks + "\n" + sound).notification.range.length, 0U);
  expect_doubt("To:" + blanks + "\nCc:" + std::string(40, ' ') + "\n" + sound, "header-too-long");
  expect_doubt(report_of({kText + std::string(kMaxNotification, 'x'), kStatus}), "part-too-long");
}

TEST(ReportDoubts, DoubtsHaveIdsOfTheirOwn) {
  std::set<std::string_view> ids;
  for (int i = 0; i <= static_cast<int>(Doubt::kNoticeEmpty); ++i) {
    const std::string_view id = id_of(static_cast<Doubt>(i));
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos) << id;
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
}

}  // namespace
}  // namespace plainbounce

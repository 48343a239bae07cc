// Real and sample messages -> reports: nothing crashes, recipients come out in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "tests/unit/reading.h"
#include "tests/unit/report_dump.h"

namespace plainbounce {
namespace {

namespace fs = std::filesystem;

const fs::path kShared = PLAINBOUNCE_SHARED_DIR;
const fs::path kSamples = fs::path(PLAINBOUNCE_SOURCE_DIR) / "tests" / "samples";

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> messages_below(const fs::path& directory) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path().extension() == ".eml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// What must be true of any report.
void expect_sound(std::string_view message, const Report& report, const fs::path& path) {
  const std::string text = dump(report) + report.notification.text;
  EXPECT_EQ(valid_utf8(text), text) << path;
  const ByteRange range = report.notification.range;
  if (range.length == 0) return;
  ASSERT_LE(range.offset + range.length, message.size()) << path;
  const std::string_view before = message.substr(0, range.offset);
  std::string_view after = message.substr(range.offset + range.length);
  if (report.crlf && after.starts_with('\r')) after.remove_prefix(1);
  EXPECT_TRUE(before.ends_with("--" + report.boundary + (report.crlf ? "\r\n" : "\n"))) << path;
  EXPECT_TRUE(after.starts_with("\n--" + report.boundary)) << path;
}

// file -> addresses, of the messages that are labelled as reports.
std::map<std::string, std::vector<std::string>> labelled_reports() {
  std::map<std::string, std::vector<std::string>> reports;
  std::ifstream file(kShared / "corpus" / "expected.tsv");
  std::string line;
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find('\t', begin), line.size());
      cells.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    if (cells.size() > 3 && cells[3] == "report") reports[cells[0]].push_back(cells[2]);
  }
  return reports;
}

bool is_about(const RecipientReport& recipient, const std::string& address) {
  return address == "?" || equals_ignoring_case(recipient.final_recipient, address) ||
         equals_ignoring_case(recipient.original_recipient, address) ||
         equals_ignoring_case(recipient.actual_recipient, address);
}

TEST(ReportCorpus, LabelledReportsNameTheirRecipientsInOrder) {
  const auto reports = labelled_reports();
  if (reports.empty()) GTEST_SKIP() << "no labelled messages in " << kShared;
  for (const auto& [file, addresses] : reports) {
    const Report report = read_report(read_file(kShared / "corpus" / "bounces" / file));
    EXPECT_EQ(report.kind, MessageKind::kReport) << file;
    ASSERT_EQ(report.recipients.size(), addresses.size()) << file;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      EXPECT_TRUE(is_about(report.recipients[i], addresses[i])) << file << ' ' << addresses[i];
    }
  }
}

TEST(ReportCorpus, EveryMessageIsReadSoundly) {
  if (!fs::exists(kShared / "corpus")) GTEST_SKIP() << "no messages in " << kShared;
  for (const fs::path& directory : {kShared / "corpus" / "bounces", kShared / "samples"}) {
    for (const fs::path& path : messages_below(directory)) {
      const std::string message = read_file(path);
      expect_sound(message, read_report(message), path);
    }
  }
}

TEST(ReportCorpus, CutOffMessagesAreReadSoundly) {
  for (const fs::path& path : messages_below(kSamples)) {
    const std::string message = read_file(path);
    for (std::size_t end = 0; end < std::min<std::size_t>(message.size(), 4000); end += 61) {
      const std::string_view part = std::string_view(message).substr(0, end);
      expect_sound(part, read_report(part), path);
    }
  }
}

// tests/samples/<name>/report.txt is what message.eml reads as. PLAINBOUNCE_WRITE_SAMPLES=1 writes
// it anew.
TEST(ReportSamples, ReadAsRecorded) {
  const bool write = std::getenv("PLAINBOUNCE_WRITE_SAMPLES") != nullptr;
  int compared = 0;
  for (const fs::path& path : messages_below(kSamples)) {
    const fs::path recorded = path.parent_path() / "report.txt";
    const std::string text = dump(read_report(read_file(path)));
    if (write) std::ofstream(recorded, std::ios::binary) << text;
    if (!fs::exists(recorded)) continue;
    EXPECT_EQ(text, read_file(recorded)) << path;
    ++compared;
  }
  EXPECT_GT(compared, 50);
}

TEST(ReportSamples, ServersReportsHaveAPlaceForTheNotice) {
  for (const fs::path& path : messages_below(kSamples)) {
    const std::string name = path.parent_path().filename();
    const Report report = read_report(read_file(path));
    if (!report.is_delivery_report) continue;
    EXPECT_GT(report.notification.range.length, 0U) << name;
  }
}

}  // namespace
}  // namespace plainbounce

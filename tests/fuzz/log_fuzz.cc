// Any lines as a mail log that `plainbounce stats` reads, and as values that the daemon logs: all
// is counted once, and what the daemon writes is read back.
#include "cli/log_statistics.h"
#include "milter/message_record.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

bool is_printable(std::string_view text, bool blanks) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return (c > ' ' && c < 0x7f) || (blanks && c == ' '); });
}

std::uint64_t sum(const Counts& counts) {
  std::uint64_t all = 0;
  for (const auto& [name, count] : counts) all += count;
  return all;
}

void check(const LogStatistics& statistics) {
  std::uint64_t unmatched = 0;
  for (const UnmatchedWording& wording : statistics.unmatched()) unmatched += wording.lines;
  require(statistics.messages() + statistics.unreadable() + unmatched <= statistics.lines());
  require(sum(statistics.results()) == statistics.messages());
  require(sum(statistics.languages()) <= statistics.messages());
  const Percentiles time = statistics.time();
  require(time.messages <= statistics.messages());
  require(0 <= time.p50 && time.p50 <= time.p90 && time.p90 <= time.p95 && time.p95 <= time.p99 &&
          time.p99 <= time.max);
  for (const Counts* counts : {&statistics.results(), &statistics.causes(), &statistics.hosts(),
                               &statistics.evidence(), &statistics.details()}) {
    for (const auto& [name, count] : *counts) require(count > 0 && is_printable(name, true));
  }
}

// The lines as values of a record.
void check_written(const std::vector<std::string_view>& lines) {
  MessageRecord record;
  if (!lines.empty()) record.queue_id = lines[0];
  if (lines.size() > 1) record.detail = lines[1];
  if (lines.size() > 2) record.language = lines[2];
  record.reason = "exception";
  record.result = Result::kFailedOpen;
  const std::string line = format_record(record);
  require(is_printable(line, true) && line.find('\n') == std::string::npos);
  const auto read = read_record(line);
  require(read && read->result == "failed-open" && read->reason == "exception");
  require(message_of("plainbounce-milter[7]: info: " + line) == line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const CostBound bound(size);
  const std::string_view text = text_of(data, size);
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  LogStatistics statistics;
  for (const std::string_view line : lines) statistics.add(line);
  require(statistics.lines() == lines.size());
  check(statistics);
  check_written(lines);
  return 0;
}

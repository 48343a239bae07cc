#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/json.h"
#include "cli/log_statistics.h"
#include "lib/notice/display.h"

namespace plainbounce {
namespace {

struct StatsOptions {
  bool json = false;
  std::size_t top = 10;                 // rows of each list in text; JSON has all
  std::vector<std::string> paths{"-"};  // logs; "-": standard input
};

// What is shown of text that a stranger wrote, in characters.
constexpr std::size_t kMaxExample = 500;

Json counts_json(const Counts& counts, const char* name) {
  Json rows = Json::array();
  for (const auto& [text, messages] : by_frequency(counts)) {
    rows.push_back({{name, text}, {"messages", messages}});
  }
  return rows;
}

// Of texts that are two, with a blank between them.
Json pairs_json(const Counts& counts, const char* first, const char* second) {
  Json rows = Json::array();
  for (const auto& [text, messages] : by_frequency(counts)) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::size_t rest = std::min(blank + 1, text.size());
    rows.push_back(
        {{first, text.substr(0, blank)}, {second, text.substr(rest)}, {"messages", messages}});
  }
  return rows;
}

Json unmatched_json(const LogStatistics& statistics) {
  Json rows = Json::array();
  for (const auto& [example, lines] : statistics.unmatched()) {
    rows.push_back({{"text", example.text}, {"host", example.host}, {"lines", lines}});
  }
  return rows;
}

void print_json(const LogStatistics& statistics) {
  const Percentiles time = statistics.time();
  Json json = Json::object();
  json["lines"] = statistics.lines();
  json["messages"] = statistics.messages();
  json["unreadable"] = statistics.unreadable();
  json["recipients"] = statistics.recipients();
  json["results"] = pairs_json(statistics.results(), "result", "reason");
  json["details"] = pairs_json(statistics.details(), "reason", "detail");
  json["causes"] = counts_json(statistics.causes(), "cause");
  json["outcomes"] = counts_json(statistics.outcomes(), "outcome");
  json["languages"] = counts_json(statistics.languages(), "language");
  json["hosts"] = counts_json(statistics.hosts(), "host");
  json["confidences"] = counts_json(statistics.confidences(), "confidence");
  json["evidence"] = counts_json(statistics.evidence(), "evidence");
  json["unmatched"] = unmatched_json(statistics);
  json["ms"] = {{"messages", time.messages}, {"p50", time.p50}, {"p90", time.p90},
                {"p95", time.p95},           {"p99", time.p99}, {"max", time.max}};
  fmt::print("{}", json_line(json));
}

void print_left_out(std::size_t rows, std::size_t top) {
  if (rows > top) fmt::print("{:>9}  (+{})\n", "...", rows - top);
}

void print_counts(const char* heading, const Counts& counts, std::size_t top) {
  if (counts.empty()) return;
  fmt::print("\n{}\n", heading);
  const auto rows = by_frequency(counts);
  for (std::size_t i = 0; i < std::min(rows.size(), top); ++i) {
    fmt::print("{:>9}  {}\n", rows[i].second, rows[i].first);
  }
  print_left_out(rows.size(), top);
}

void print_unmatched(const LogStatistics& statistics, std::size_t top) {
  const auto wordings = statistics.unmatched();
  if (wordings.empty()) return;
  fmt::print("\nunmatched\n");
  for (std::size_t i = 0; i < std::min(wordings.size(), top); ++i) {
    const auto& [example, lines] = wordings[i];
    fmt::print("{:>9}  {}", lines, visible(example.text, kMaxExample));
    if (!example.host.empty()) fmt::print("  [{}]", visible(example.host, kMaxExample));
    fmt::print("\n");
  }
  print_left_out(wordings.size(), top);
}

void print_text(const LogStatistics& statistics, std::size_t top) {
  const Percentiles time = statistics.time();
  fmt::print("messages {}  recipients {}  unreadable {}\n", statistics.messages(),
             statistics.recipients(), statistics.unreadable());
  print_counts("results", statistics.results(), top);
  print_counts("details", statistics.details(), top);
  print_counts("causes", statistics.causes(), top);
  print_counts("outcomes", statistics.outcomes(), top);
  print_counts("languages", statistics.languages(), top);
  print_counts("hosts", statistics.hosts(), top);
  print_counts("confidence", statistics.confidences(), top);
  print_counts("evidence", statistics.evidence(), top);
  print_unmatched(statistics, top);
  if (time.messages > 0) {
    fmt::print("\nms\n      p50 {:.1f}  p90 {:.1f}  p95 {:.1f}  p99 {:.1f}  max {:.1f}\n", time.p50,
               time.p90, time.p95, time.p99, time.max);
  }
}

int run_stats(const StatsOptions& options) {
  LogStatistics statistics;
  for (const std::string& path : options.paths) {
    visit_lines(path, [&](std::string_view line) { statistics.add(line); });
  }
  const bool found = statistics.messages() + statistics.unreadable() > 0;
  if (options.json) {
    print_json(statistics);
  } else {
    print_text(statistics, options.top);
  }
  return found || !statistics.unmatched().empty() ? kDone : kNothingToDo;
}

}  // namespace

Command add_stats(CLI::App& app) {
  const auto options = std::make_shared<StatsOptions>();
  CLI::App* const line = app.add_subcommand("stats", "Sum up what the daemon logged");
  line->add_flag("--json", options->json, "One JSON object");
  line->add_option("--top", options->top, "Rows of each list (not with --json); default 10")
      ->check(CLI::PositiveNumber);
  line->add_option("FILE", options->paths,
                   "Mail logs or journal exports; - or none: standard input");
  return {line, [options] { return run_stats(*options); }};
}

}  // namespace plainbounce

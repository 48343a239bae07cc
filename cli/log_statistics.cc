#include "cli/log_statistics.h"

#include <algorithm>
#include <utility>

#include "lib/workshop/unmatched.h"

namespace plainbounce {
namespace {

void count(Counts& counts, std::string_view name) {
  const auto found = counts.find(name);
  if (found == counts.end()) {
    counts.emplace(name, 1);
  } else {
    ++found->second;
  }
}

void count_all(Counts& counts, const std::vector<std::string_view>& names) {
  for (const std::string_view name : names) count(counts, name);
}

}  // namespace

std::vector<std::pair<std::string, std::uint64_t>> by_frequency(const Counts& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> rows(counts.begin(), counts.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return rows;
}

Percentiles percentiles(std::vector<double> milliseconds) {
  if (milliseconds.empty()) return {};
  std::sort(milliseconds.begin(), milliseconds.end());
  const std::size_t size = milliseconds.size();
  const auto rank = [&](std::size_t percent) {
    return milliseconds[(size * percent + 99) / 100 - 1];
  };
  return {size, rank(50), rank(90), rank(95), rank(99), milliseconds.back()};
}

void LogStatistics::add(std::string_view line) {
  ++lines_;
  const auto message = message_of(line);
  if (!message) return;
  if (!is_record(*message)) {
    add_unmatched(*message);
  } else if (const auto record = read_record(*message)) {
    add_record(*record);
  } else {
    ++unreadable_;
  }
}

std::vector<UnmatchedWording> LogStatistics::unmatched() const {
  std::vector<UnmatchedWording> wordings;
  for (const auto& [key, wording] : unmatched_) wordings.push_back(wording);
  std::stable_sort(wordings.begin(), wordings.end(),
                   [](const auto& a, const auto& b) { return a.lines > b.lines; });
  return wordings;
}

void LogStatistics::add_record(const LoggedRecord& record) {
  ++messages_;
  recipients_ += record.recipients;
  std::string result(record.result);
  if (!record.reason.empty()) result.append(" ").append(record.reason);
  count(results_, result);
  count_all(causes_, record.causes);
  count_all(outcomes_, record.outcomes);
  count_all(hosts_, record.hosts);
  count_all(confidences_, record.confidences);
  count_all(evidence_, record.evidence);
  if (!record.reason.empty() && !record.detail.empty()) {
    count(details_, std::string(record.reason).append(" ").append(record.detail));
  }
  if (!record.language.empty()) count(languages_, record.language);
  if (record.result != "left-alone") milliseconds_.push_back(record.milliseconds);
}

void LogStatistics::add_unmatched(std::string_view message) {
  auto example = read_unmatched(message);
  if (!example) {
    ++unreadable_;
    return;
  }
  UnmatchedWording& wording = unmatched_[wording_key(example->text)];
  if (wording.lines++ == 0) wording.example = *std::move(example);
}

}  // namespace plainbounce

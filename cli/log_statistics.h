// The lines of a mail log -> what plainbounce-milter did, summed up.
#ifndef PLAINBOUNCE_CLI_LOG_STATISTICS_H_
#define PLAINBOUNCE_CLI_LOG_STATISTICS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/log_line.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {

// How often each text came.
using Counts = std::map<std::string, std::uint64_t, std::less<>>;

// The most frequent first, those that came equally often by name.
std::vector<std::pair<std::string, std::uint64_t>> by_frequency(const Counts& counts);

// Milliseconds; all 0 where nothing was measured. Nearest rank.
struct Percentiles {
  std::uint64_t messages = 0;
  double p50 = 0;
  double p90 = 0;
  double p95 = 0;
  double p99 = 0;
  double max = 0;
};
Percentiles percentiles(std::vector<double> milliseconds);

// A wording that no rule knows.
struct UnmatchedWording {
  RuleExample example;      // the first that came; untrusted text
  std::uint64_t lines = 0;  // the daemon logs a wording once after each start
};

class LogStatistics {
 public:
  // Any line of a log, whoever wrote it, without its line end. Linear.
  void add(std::string_view line);

  std::uint64_t lines() const { return lines_; }            // all that were added
  std::uint64_t messages() const { return messages_; }      // records that were read
  std::uint64_t unreadable() const { return unreadable_; }  // of ours, but cut short or damaged
  std::uint64_t recipients() const { return recipients_; }  // in the reports of all messages

  // Each is counted in messages: a cause that two recipients share counts once.
  const Counts& results() const { return results_; }  // "RESULT", or "RESULT REASON"
  const Counts& causes() const { return causes_; }
  const Counts& outcomes() const { return outcomes_; }
  const Counts& languages() const { return languages_; }
  const Counts& hosts() const { return hosts_; }
  const Counts& confidences() const { return confidences_; }  // of each cause of a message
  const Counts& evidence() const { return evidence_; }        // likewise: what decided
  // "REASON DETAIL": what exactly kept the messages from being rewritten, where the log says so.
  const Counts& details() const { return details_; }

  // Those that most lines tell of first.
  std::vector<UnmatchedWording> unmatched() const;

  // Of the messages that were looked at to their end: all but those that were left alone.
  Percentiles time() const { return percentiles(milliseconds_); }

 private:
  void add_record(const LoggedRecord& record);
  void add_unmatched(std::string_view message);

  std::uint64_t lines_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t unreadable_ = 0;
  std::uint64_t recipients_ = 0;
  Counts results_;
  Counts causes_;
  Counts outcomes_;
  Counts languages_;
  Counts hosts_;
  Counts confidences_;
  Counts evidence_;
  Counts details_;
  std::vector<double> milliseconds_;
  std::map<std::string, UnmatchedWording> unmatched_;  // by reply_key()
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_LOG_STATISTICS_H_

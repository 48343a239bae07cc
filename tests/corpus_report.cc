// Scores the diagnosis against labelled replies and bounces, and lists every miss.
//
//   corpus_report [--misses] [--split A|B] [--replies vendor-replies.tsv] [--corpus DIRECTORY]
//                 [--require]
//
// --require: exit status 1 where a target isn't reached or a wrong cause was called certain, 77
// where there is nothing to read.
//
// The labels are the reference data beside the project: replies as provider, text, cause, source;
// bounces as DIRECTORY/expected.tsv and DIRECTORY/bounces/. A split keeps one half of the rows,
// chosen by a hash of the reply or file name: rules can be written from one half and scored on the
// other.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/knowledge/knowledge.h"
#include "lib/report/read.h"

namespace plainbounce {
namespace {

struct Options {
  bool list_misses = false;
  char split = 0;  // 'A', 'B' or 0: both
  std::string replies;
  std::string corpus;
  bool require = false;
};

using Row = std::vector<std::string>;

std::vector<Row> read_rows(const std::string& path) {
  std::vector<Row> rows;
  std::ifstream in(path);
  std::string line;
  for (bool header = true; std::getline(in, line); header = false) {
    if (header) continue;
    Row& row = rows.emplace_back();
    for (std::size_t start = 0;;) {
      const std::size_t tab = line.find('\t', start);
      row.push_back(line.substr(start, tab - start));
      if (tab == std::string::npos) break;
      start = tab + 1;
    }
  }
  return rows;
}

char half_of(std::string_view key) {
  std::uint32_t hash = 0x811C9DC5;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  return (hash >> 7 & 1) == 0 ? 'A' : 'B';
}

struct Score {
  int rows = 0;
  int best = 0;
  int acceptable = 0;
  int outcome = 0;
  int address = 0;
  std::array<int, 3> by_confidence{};
  std::array<int, 3> wrong_by_confidence{};
};

bool is_among(const std::string& list, std::string_view id) {
  const std::string padded = "," + list + ",";
  return padded.find(fmt::format(",{},", id)) != std::string::npos;
}

void count(const std::string& best, const std::string& acceptable, const RecipientDiagnosis& found,
           Score& score) {
  const std::string_view cause = id_of(found.cause);
  const bool right = cause == best || is_among(acceptable, cause);
  const auto confidence = static_cast<std::size_t>(found.confidence);
  ++score.rows;
  score.best += static_cast<int>(cause == best);
  score.acceptable += static_cast<int>(right);
  ++score.by_confidence[confidence];
  score.wrong_by_confidence[confidence] += static_cast<int>(!right);
}

// How many of the rows must have an acceptable cause, in per cent.
struct Target {
  std::string_view kind;
  double acceptable;
};
constexpr std::array<Target, 4> kTargets = {
    {{"report", 99}, {"other", 95}, {"replies", 98}, {"not-a-bounce", 100}}};

bool reaches_target(std::string_view kind, const Score& score) {
  const auto* const target = std::find_if(kTargets.begin(), kTargets.end(),
                                          [&](const Target& each) { return each.kind == kind; });
  if (target == kTargets.end()) return true;
  const bool enough = 100.0 * score.acceptable >= target->acceptable * score.rows;
  if (!enough) fmt::print("TARGET {}: {} % are wanted\n", kind, target->acceptable);
  // Every bounce says what happened, and to whom.
  const bool bounce = kind == "report" || kind == "other";
  const bool told = !bounce || 100 * std::min(score.outcome, score.address) >= 97 * score.rows;
  if (!told) fmt::print("TARGET {}: 97 % of outcomes and addresses are wanted\n", kind);
  if (score.wrong_by_confidence[0] != 0) fmt::print("TARGET {}: no wrong \"certain\"\n", kind);
  return enough && told && score.wrong_by_confidence[0] == 0;
}

void print(std::string_view name, const Score& score, bool bounces) {
  const auto percent = [&](int n) { return score.rows == 0 ? 0.0 : 100.0 * n / score.rows; };
  fmt::print("{:<16} {:4} rows  best {:5.1f} %  acceptable {:5.1f} %", name, score.rows,
             percent(score.best), percent(score.acceptable));
  if (bounces) {
    fmt::print("  outcome {:5.1f} %  address {:5.1f} %", percent(score.outcome),
               percent(score.address));
  }
  fmt::print("  wrong: {} of {} certain, {} of {} likely, {} of {} unsure\n",
             score.wrong_by_confidence[0], score.by_confidence[0], score.wrong_by_confidence[1],
             score.by_confidence[1], score.wrong_by_confidence[2], score.by_confidence[2]);
}

bool score_replies(const Options& options, const Knowledge& knowledge) {
  Score score;
  for (const Row& row : read_rows(options.replies)) {
    if (row.size() < 3 || (options.split != 0 && half_of(row[1]) != options.split)) continue;
    const RecipientDiagnosis found = diagnose_text(row[1], "", knowledge);
    count(row[2], "", found, score);
    if (options.list_misses && id_of(found.cause) != row[2]) {
      fmt::print("MISS reply [{}] want {} got {} ({}, {}): {}\n", row[0], row[2],
                 id_of(found.cause), id_of(found.confidence), to_string(found.evidence), row[1]);
    }
  }
  print("replies", score, false);
  return reaches_target("replies", score);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const RecipientDiagnosis* nth(const Diagnosis& diagnosis, const std::string& index) {
  const std::size_t i = std::stoul(index) - 1;
  return i < diagnosis.recipients.size() ? &diagnosis.recipients[i] : nullptr;
}

// Columns of expected.tsv.
enum Column { kFile, kIndex, kAddress, kKind, kBest, kAcceptable, kOutcome };

void list_miss(const Row& row, const RecipientDiagnosis& found) {
  fmt::print("MISS {} {} #{} want {}/{} ({}) for {} got {}/{} ({}, {}) for {}: {}\n", row[kKind],
             row[kFile], row[kIndex], row[kBest], row[kOutcome], row[kAcceptable], row[kAddress],
             id_of(found.cause), id_of(found.outcome), id_of(found.confidence),
             to_string(found.evidence), found.final_recipient, found.reply.text.substr(0, 400));
}

void score_bounce(const Row& row, const Options& options, const Knowledge& knowledge,
                  std::map<std::string, Score>& scores) {
  const Report report =
      read_report(read_file(options.corpus + "/bounces/" + row[kFile]), knowledge.stock_phrases());
  const Diagnosis diagnosis = diagnose(report, knowledge);
  const RecipientDiagnosis* const match = nth(diagnosis, row[kIndex]);
  const RecipientDiagnosis none;
  const RecipientDiagnosis& found = match == nullptr ? none : *match;
  Score& score = scores[row[kKind]];
  if (row[kOutcome] == "not-a-bounce") {
    Score& other = scores["not-a-bounce"];
    ++other.rows;
    const bool right = report.kind == MessageKind::kNotABounce;
    other.best += static_cast<int>(right);
    other.acceptable += static_cast<int>(right);
    if (!right && options.list_misses) fmt::print("MISS not-a-bounce {}\n", row[kFile]);
    return;
  }
  count(row[kBest], row[kAcceptable], found, score);
  const bool outcome = match != nullptr && id_of(found.outcome) == row[kOutcome];
  const bool address =
      match != nullptr && equals_ignoring_case(found.final_recipient, row[kAddress]);
  score.outcome += static_cast<int>(outcome);
  score.address += static_cast<int>(address);
  const std::string_view cause = id_of(found.cause);
  const bool right = cause == row[kBest] || is_among(row[kAcceptable], cause);
  if (options.list_misses && (!right || !outcome || !address)) list_miss(row, found);
}

bool score_corpus(const Options& options, const Knowledge& knowledge) {
  std::map<std::string, Score> scores;
  for (const Row& row : read_rows(options.corpus + "/expected.tsv")) {
    if (options.split != 0 && half_of(row[kFile]) != options.split) continue;
    score_bounce(row, options, knowledge, scores);
  }
  bool reached = true;
  for (const auto& [kind, score] : scores) {
    print(kind, score, true);
    reached = reaches_target(kind, score) && reached;
  }
  return reached;
}

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string value = i + 1 < arguments.size() ? arguments[i + 1] : "";
    if (arguments[i] == "--misses") options.list_misses = true;
    if (arguments[i] == "--split" && !value.empty()) options.split = value[0];
    if (arguments[i] == "--replies") options.replies = value;
    if (arguments[i] == "--corpus") options.corpus = value;
    if (arguments[i] == "--require") options.require = true;
  }
  return options;
}

}  // namespace
}  // namespace plainbounce

int main(int argc, char** argv) {
  using namespace plainbounce;
  const Options options = parse_options({argv + 1, argv + argc});
  const auto there = [](const std::string& path) { return std::ifstream(path).good(); };
  if (options.require && (!there(options.replies) || !there(options.corpus + "/expected.tsv"))) {
    fmt::print("skipped: no labelled data in {} and {}\n", options.replies, options.corpus);
    return 77;
  }
  const Knowledge knowledge = Knowledge::load();
  bool reached = true;
  if (!options.replies.empty()) reached = score_replies(options, knowledge) && reached;
  if (!options.corpus.empty()) reached = score_corpus(options, knowledge) && reached;
  return options.require && !reached ? 1 : 0;
}

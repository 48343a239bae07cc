#include "lib/knowledge/provider_codes.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/tsv.h"
#include "lib/knowledge/codes.h"

namespace plainbounce {
namespace {

constexpr std::array<std::string_view, 7> kCodeColumns = {
    "code", "class", "provider", "cause", "reliability", "meaning", "example"};

// What may stand before and behind a code that begins or ends with a letter or digit: nothing that
// would make it a part of a host's name or of a longer word.
constexpr std::string_view kBefore = R"((?:^|[^\w.-]))";
constexpr std::string_view kBehind = R"((?:$|[^\w.-]|\.(?:$|\W)))";

// The pattern of a wildcard; empty: `c` stands for itself.
std::string_view wildcard(char c) {
  switch (c) {
    case '%':
      return "[0-9]";
    case '?':
      return "[[:alnum:]]";
    case '*':
      return R"(\w*)";
    default:
      return {};
  }
}

bool is_open(char c) { return is_alphanumeric(c) || !wildcard(c).empty(); }

// "OFR*_416" -> a pattern.
std::string pattern_of(std::string_view spelling) {
  std::string pattern;
  for (const char c : spelling) {
    const std::string_view any = wildcard(c);
    pattern += any.empty() ? RE2::QuoteMeta(std::string(1, c)) : std::string(any);
  }
  return fmt::format("{}{}{}", is_open(spelling.front()) ? kBefore : "", pattern,
                     is_open(spelling.back()) ? kBehind : "");
}

// The first blank-separated word of `text`, which is taken off; empty: there is none.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::string pattern_of_any(std::string_view spellings) {
  std::string pattern;
  while (!spellings.empty()) {
    const std::string_view spelling = take_word(spellings);
    if (spelling.empty()) continue;
    pattern += (pattern.empty() ? "" : "|") + pattern_of(spelling);
  }
  return pattern;
}

Strength strength_of(Reliability reliability) {
  switch (reliability) {
    case Reliability::kReliable:
      return Strength::kDecisive;
    case Reliability::kMostly:
      return Strength::kStrong;
    case Reliability::kOverloaded:
      return Strength::kHint;
  }
  return Strength::kHint;
}

int class_in(std::string_view file, const TableRow& row) {
  const std::string_view cell = row.cells[1];
  if (cell.empty()) return 0;
  if (cell != "4" && cell != "5") {
    fail_at(file, row.line, fmt::format("class \"{}\", expected 4, 5 or -", cell));
  }
  return cell[0] - '0';
}

Rule rule_of(std::string_view file, const TableRow& row) {
  Rule rule;
  rule.pattern = pattern_of_any(row.cells[0]);
  if (rule.pattern.empty()) fail_at(file, row.line, "code: a row needs one");
  if (row.cells[6].empty()) fail_at(file, row.line, "example: a row needs one");
  std::string_view spellings = row.cells[0];
  rule.reply_class = class_in(file, row);
  rule.id = fmt::format("code-{}{}", take_word(spellings),
                        rule.reply_class == 0 ? "" : fmt::format("-class-{}", rule.reply_class));
  rule.cause = read_cause(row.cells[3], file, row.line);
  rule.strength = strength_of(read_reliability(row.cells[4], file, row.line));
  rule.tier = Tier::kProvider;
  rule.code_of = row.cells[2];
  rule.in_links = true;
  rule.examples.push_back({std::string(row.cells[6]), "", row.line});
  rule.file = file;
  rule.line = row.line;
  return rule;
}

}  // namespace

std::vector<Rule> parse_provider_codes(std::string_view file, std::string_view tsv,
                                       const Providers& providers) {
  std::vector<Rule> rules;
  for (const TableRow& row : parse_table(file, tsv, kCodeColumns)) {
    const std::string_view provider = row.cells[2];
    if (!provider.empty() && providers.by_id(provider) == nullptr) {
      fail_at(file, row.line, fmt::format("no such provider: \"{}\"", provider));
    }
    rules.push_back(rule_of(file, row));
  }
  return rules;
}

}  // namespace plainbounce

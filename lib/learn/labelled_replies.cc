#include "lib/learn/labelled_replies.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

constexpr std::array<std::string_view, 7> kColumns = {"cause",  "acceptable", "language", "kind",
                                                      "source", "host",       "reply"};

std::string cell(const TableRow& row, std::size_t column) {
  return row.cells[column] == "-" ? std::string() : std::string(row.cells[column]);
}

std::vector<Cause> read_causes(std::string_view file, int line, std::string_view list) {
  std::vector<Cause> causes;
  for (const std::string& id : split(list, ',')) causes.push_back(read_cause(id, file, line));
  return causes;
}

}  // namespace

std::vector<LabelledReply> parse_labelled_replies(std::string_view file, std::string_view tsv) {
  std::vector<LabelledReply> replies;
  for (const TableRow& row : parse_table(file, tsv, kColumns)) {
    LabelledReply& reply = replies.emplace_back();
    reply.cause = read_cause(row.cells[0], file, row.line);
    reply.acceptable = read_causes(file, row.line, cell(row, 1));
    reply.language = cell(row, 2);
    reply.kind = cell(row, 3);
    reply.source = cell(row, 4);
    reply.host = cell(row, 5);
    reply.text = cell(row, 6);
  }
  return replies;
}

std::vector<LabelledReply> known_replies(std::string_view file, std::string_view tsv,
                                         const std::vector<Rule>& rules) {
  std::vector<LabelledReply> replies = parse_labelled_replies(file, tsv);
  for (const Rule& rule : rules) {
    for (const RuleExample& example : rule.examples) {
      replies.push_back({.cause = rule.cause,
                         .kind = "example",
                         .source = "own",
                         .host = example.host,
                         .text = example.text});
    }
  }
  return replies;
}

bool is_right(Cause cause, const LabelledReply& reply) {
  return cause == reply.cause || std::find(reply.acceptable.begin(), reply.acceptable.end(),
                                           cause) != reply.acceptable.end();
}

bool is_known_to_rules(const LabelledReply& reply) {
  return reply.kind == "vendor" || reply.kind == "bounce" || reply.kind == "example";
}

}  // namespace plainbounce

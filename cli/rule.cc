#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/input.h"
#include "lib/diagnosis/unmatched.h"
#include "lib/notice/rule_draft.h"
#include "lib/report/text.h"

namespace plainbounce {
namespace {

// "TEXT" or "TEXT<TAB>HOST".
RuleExample read_reply(std::string_view line, const std::string& host) {
  const std::size_t tab = line.find('\t');
  RuleExample reply;
  reply.text = trim(line.substr(0, tab));
  reply.host = tab == std::string_view::npos ? host : trim(line.substr(tab + 1));
  return reply;
}

// Of a log only the lines on replies that no rule knows; otherwise each line is a reply.
std::vector<RuleExample> read_replies(std::string_view input, const std::string& host) {
  const bool is_log = input.find(kUnmatchedMark) != std::string_view::npos;
  std::vector<RuleExample> replies;
  while (!input.empty()) {
    const std::size_t end = input.find('\n');
    const std::string_view line = trim(input.substr(0, end));
    input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
    if (line.empty()) continue;
    if (!is_log) {
      replies.push_back(read_reply(line, host));
    } else if (auto reply = read_unmatched(line)) {
      replies.push_back(*std::move(reply));
    }
  }
  return replies;
}

}  // namespace

int run_rule(const RuleOptions& options, const Environment& environment) {
  const std::string input = options.text ? *options.text : read_input("-");
  const std::vector<RuleExample> replies = read_replies(input, options.host);
  if (replies.empty()) return kNothingToDo;
  const auto& [knowledge, wording] = environment.resources;
  fmt::print("{}", draft_rules(replies, knowledge, wording));
  return kDone;
}

}  // namespace plainbounce

#include <fmt/format.h>

#include <cstdio>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/reply_lines.h"
#include "lib/workshop/rule_draft.h"

namespace plainbounce {

int run_rule(const RuleOptions& options, const Environment& environment) {
  const std::string input = options.text ? *options.text : read_input("-");
  const std::vector<RuleExample> replies = read_replies(input, options.host);
  if (replies.empty()) return kNothingToDo;
  const auto& [knowledge, catalogue] = environment.resources;
  fmt::print("{}", draft_rules(replies, knowledge, catalogue));
  return kDone;
}

}  // namespace plainbounce

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/reply_lines.h"
#include "cli/shared_options.h"
#include "lib/workshop/rule_draft.h"

namespace plainbounce {
namespace {

struct RuleOptions {
  EnvironmentOptions environment;
  std::string host;                 // the server that gave the reply; empty: unknown
  std::optional<std::string> text;  // a reply or lines of the daemon's log; nothing: standard input
};

int run_rule(const RuleOptions& options, const Environment& environment) {
  const std::string input = options.text ? *options.text : read_input("-");
  const std::vector<RuleExample> replies = read_replies(input, options.host);
  if (replies.empty()) return kNothingToDo;
  const auto& [knowledge, catalogue] = environment.resources;
  fmt::print("{}", draft_rules(replies, knowledge, catalogue));
  return kDone;
}

}  // namespace

Command add_rule(CLI::App& app) {
  const auto options = std::make_shared<RuleOptions>();
  CLI::App* const line =
      app.add_subcommand("rule", "Draft a rule for a reply that plainbounce doesn't know yet");
  add_config_file(*line, options->environment.config_file);
  line->add_option("--host", options->host, "The server that gave the reply");
  line->add_option("TEXT", options->text,
                   "The reply; none: standard input, a reply per line or the daemon's log");
  return {line, [options] { return run_rule(*options, load_environment(options->environment)); }};
}

}  // namespace plainbounce

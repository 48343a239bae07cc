// The subcommands of plainbounce(1).
#ifndef PLAINBOUNCE_CLI_COMMANDS_H_
#define PLAINBOUNCE_CLI_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace plainbounce {

inline constexpr int kDone = 0;
inline constexpr int kNothingToDo = 1;
inline constexpr int kFindings = 1;  // of check-postfix
inline constexpr int kUsageError = 2;

struct Command {
  const CLI::App* line;  // its part of the command line
  // Once that is read: prints to standard output and returns the exit status. What it throws is
  // for standard error.
  std::function<int()> run;
};

// Each adds its name and options to the command line.
Command add_check_config(CLI::App& app);
Command add_check_postfix(CLI::App& app);
Command add_codes(CLI::App& app);
Command add_diagnose(CLI::App& app);
Command add_explain(CLI::App& app);
Command add_learn(CLI::App& app);
Command add_preview(CLI::App& app);
Command add_rewrite(CLI::App& app);
Command add_rule(CLI::App& app);
Command add_stats(CLI::App& app);

// In the order of --help.
using AddCommand = Command (*)(CLI::App& app);
inline constexpr AddCommand kCommands[] = {
    add_diagnose, add_explain, add_codes,        add_rule,          add_learn,
    add_rewrite,  add_preview, add_check_config, add_check_postfix, add_stats,
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_COMMANDS_H_

// The subcommands of plainbounce(1). Each prints to standard output and returns the exit status.
#ifndef PLAINBOUNCE_CLI_COMMANDS_H_
#define PLAINBOUNCE_CLI_COMMANDS_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/input.h"
#include "lib/config/config.h"
#include "lib/rewrite.h"

namespace plainbounce {

inline constexpr int kDone = 0;
inline constexpr int kNothingToDo = 1;
inline constexpr int kFindings = 1;  // of check-postfix
inline constexpr int kUsageError = 2;

// What every subcommand works with. The command line's --lang stands in place of the
// configuration's language.
struct Environment {
  Config config;
  Resources resources;
};

struct DiagnoseOptions {
  bool json = false;
  MessageSource source;
};
int run_diagnose(const DiagnoseOptions& options, const Environment& environment);

struct ExplainOptions {
  bool json = false;
  bool lines = false;               // one reply per line of standard input: TEXT [TAB HOST]
  std::string host;                 // the server that gave the reply; empty: unknown
  std::optional<std::string> text;  // nothing: all of standard input
};
int run_explain(const ExplainOptions& options, const Environment& environment);

struct CodesOptions {
  bool json = false;
  std::optional<std::string> code;  // as CodePattern::parse() takes it; nothing: all
};
int run_codes(const CodesOptions& options, const Environment& environment);

struct RuleOptions {
  std::string host;                 // the server that gave the reply; empty: unknown
  std::optional<std::string> text;  // a reply or lines of the daemon's log; nothing: standard input
};
int run_rule(const RuleOptions& options, const Environment& environment);

struct RewriteOptions {
  std::optional<std::string> sender;    // nothing: the Return-Path, else the null sender
  std::vector<std::string> recipients;  // empty: those in To
  std::string client;                   // IP address; empty: this machine
  MessageSource source;
  std::string output;  // folder for the results, which are named like the files; empty: standard
                       // output
};
int run_rewrite(const RewriteOptions& options, const Environment& environment);

struct StatsOptions {
  bool json = false;
  std::size_t top = 10;                 // rows of each list in text; JSON has all
  std::vector<std::string> paths{"-"};  // logs; "-": standard input
};
int run_stats(const StatsOptions& options);

// Nothing: the default file. Throws ConfigError or DataError where it can't be used.
int run_check_config(const std::optional<std::filesystem::path>& config_file);

struct CheckPostfixOptions {
  bool json = false;
  std::optional<std::filesystem::path> config_file;  // nothing: the default one
  std::string directory;  // Postfix' configuration; empty: where its own programs look
  std::string milter;  // where Postfix reaches plainbounce, as it writes it; empty: as configured
};
int run_check_postfix(const CheckPostfixOptions& options);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_COMMANDS_H_

// plainbounce(1): looks codes up, diagnoses bounces, rewrites them as the milter would, and sums
// up what the milter logged.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/input.h"
#include "lib/base/data_error.h"
#include "lib/config/config.h"
#include "lib/config/resources.h"

namespace plainbounce {
namespace {

struct CommandLine {
  std::optional<std::filesystem::path> config_file;
  std::string language;  // BCP 47; empty: the configuration's
  DiagnoseOptions diagnose;
  ExplainOptions explain;
  CodesOptions codes;
  RuleOptions rule;
  RewriteOptions rewrite;
  StatsOptions stats;
  CheckPostfixOptions check_postfix;
};

Environment load_environment(const CommandLine& line) {
  Config config = load_config(line.config_file);
  Resources resources = load_resources(config);
  if (!line.language.empty()) {
    refuse_unknown_language("--lang", line.language, resources.catalogue);
    config.house.language = line.language;
  }
  return {std::move(config), std::move(resources)};
}

CLI::App* add_command(CLI::App& app, CommandLine& line, const char* name, const char* description) {
  CLI::App* const command = app.add_subcommand(name, description);
  command->add_option("--conf", line.config_file, "Configuration file");
  return command;
}

void add_language(CLI::App& command, CommandLine& line) {
  command.add_option("--lang", line.language, "Language of the explanation");
}

void add_source(CLI::App& command, MessageSource& source) {
  source.paths = {"-"};
  command.add_option("FILE", source.paths,
                     "Messages, or folders of messages (Maildir); - or none: standard input");
  command.add_flag("--mbox", source.mbox, "The files are mboxes");
}

void add_diagnose(CLI::App& app, CommandLine& line) {
  CLI::App* const command =
      add_command(app, line, "diagnose", "Say for each recipient of a bounce why it failed");
  command->add_flag("--json", line.diagnose.json, "One JSON object per message");
  add_source(*command, line.diagnose.source);
}

void add_explain(CLI::App& app, CommandLine& line) {
  CLI::App* const command =
      add_command(app, line, "explain", "Explain a server's reply, or a reply or status code");
  ExplainOptions& options = line.explain;
  command->add_flag("--json", options.json, "One JSON object per reply");
  command->add_flag("--lines", options.lines,
                    "One reply per line of standard input, optionally a tab and the host");
  add_language(*command, line);
  command->add_option("--host", options.host, "The server that gave the reply");
  command->add_option_function<std::vector<std::string>>(
      "TEXT",
      [&options](const std::vector<std::string>& words) {
        options.text = fmt::format("{}", fmt::join(words, " "));
      },
      "The reply; none: standard input");
}

void add_codes(CLI::App& app, CommandLine& line) {
  CLI::App* const command =
      add_command(app, line, "codes", "List the known reply and status codes, or explain one");
  CodesOptions& options = line.codes;
  command->add_flag("--json", options.json, "One JSON object per meaning");
  add_language(*command, line);
  command->add_option("CODE", options.code, "550, 5.7.26, X.7.1; 5, 55x, 5.7, 4.x.x: all like it");
}

void add_rule(CLI::App& app, CommandLine& line) {
  CLI::App* const command =
      add_command(app, line, "rule", "Draft a rule for a reply that plainbounce doesn't know yet");
  command->add_option("--host", line.rule.host, "The server that gave the reply");
  command->add_option("TEXT", line.rule.text,
                      "The reply; none: standard input, a reply per line or the daemon's log");
}

void add_stats(CLI::App& app, StatsOptions& options) {
  CLI::App* const command = app.add_subcommand("stats", "Sum up what the daemon logged");
  command->add_flag("--json", options.json, "One JSON object");
  command->add_option("--top", options.top, "Rows of each list (not with --json); default 10")
      ->check(CLI::PositiveNumber);
  command->add_option("FILE", options.paths,
                      "Mail logs or journal exports; - or none: standard input");
}

void add_check_config(CLI::App& app, CommandLine& line) {
  add_command(app, line, "check-config",
              "Check the configuration and your rules as plainbounce-milter --check does");
}

void add_check_postfix(CLI::App& app, CheckPostfixOptions& options) {
  CLI::App* const command = app.add_subcommand(
      "check-postfix", "Say what is missing or dangerous in the way Postfix is connected");
  command->add_option("--conf", options.config_file, "Configuration file");
  command->add_flag("--json", options.json, "One JSON object per finding");
  command->add_option("--config", options.directory, "Postfix' configuration, as postconf -c");
  command->add_option("--milter", options.milter,
                      "Where Postfix reaches plainbounce, if not where it listens (a balancer)");
}

void add_rewrite(CLI::App& app, CommandLine& line) {
  CLI::App* const command =
      add_command(app, line, "rewrite", "Rewrite bounces as the milter would");
  RewriteOptions& options = line.rewrite;
  add_source(*command, options.source);
  command->add_option("--output", options.output, "Folder for the results; none: standard output")
      ->check(CLI::ExistingDirectory);
  command->add_option("--sender", options.sender, "Envelope sender; none: the Return-Path");
  command->add_option("--recipient", options.recipients, "Envelope recipients; none: those in To");
  command->add_option("--client", options.client, "IP address that it came from; none: local");
}

int run(const CLI::App& app, const CommandLine& line) {
  if (app.got_subcommand("check-config")) return run_check_config(line.config_file);
  if (app.got_subcommand("check-postfix")) return run_check_postfix(line.check_postfix);
  if (app.got_subcommand("stats")) return run_stats(line.stats);
  const Environment environment = load_environment(line);
  if (app.got_subcommand("diagnose")) return run_diagnose(line.diagnose, environment);
  if (app.got_subcommand("explain")) return run_explain(line.explain, environment);
  if (app.got_subcommand("rule")) return run_rule(line.rule, environment);
  if (app.got_subcommand("codes")) return run_codes(line.codes, environment);
  return run_rewrite(line.rewrite, environment);
}

// What names its file needs no name before it.
int report_error(const std::exception& error, const char* prefix) {
  std::fprintf(stderr, "%s%s\n", prefix, error.what());
  return kUsageError;
}

int run_command_line(int argc, char** argv) {
  CLI::App app("Explains the bounce messages of mail servers.", "plainbounce");
  CommandLine line;
  app.set_version_flag("--version", std::string(version()));
  app.require_subcommand(1);
  add_diagnose(app, line);
  add_explain(app, line);
  add_codes(app, line);
  add_rule(app, line);
  add_rewrite(app, line);
  add_check_config(app, line);
  add_check_postfix(app, line.check_postfix);
  add_stats(app, line.stats);
  try {
    app.parse(argc, argv);
    return run(app, line);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsageError;
  }
}

}  // namespace
}  // namespace plainbounce

int main(int argc, char** argv) {
  try {
    return plainbounce::run_command_line(argc, argv);
  } catch (const plainbounce::DataError& error) {
    return plainbounce::report_error(error, "");
  } catch (const std::exception& error) {
    return plainbounce::report_error(error, "plainbounce: ");
  } catch (...) {
    std::fputs("plainbounce: unknown exception\n", stderr);
    return plainbounce::kUsageError;
  }
}

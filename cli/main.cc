// plainbounce(1): looks codes up, diagnoses bounces, rewrites them as the milter would, and sums
// up what the milter logged.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "lib/base/data_error.h"
#include "lib/rewrite.h"

namespace plainbounce {
namespace {

// What names its file needs no name before it.
int report_error(const std::exception& error, const char* prefix) {
  std::fprintf(stderr, "%s%s\n", prefix, error.what());
  return kUsageError;
}

int run_command_line(int argc, char** argv) {
  CLI::App app("Explains the bounce messages of mail servers.", "plainbounce");
  app.set_version_flag("--version", std::string(version()));
  app.require_subcommand(1);
  std::vector<Command> commands;
  for (const auto add : kCommands) commands.push_back(add(app));
  try {
    app.parse(argc, argv);
    for (const Command& command : commands) {
      if (command.line->parsed()) return command.run();
    }
    return kUsageError;  // never: one is required
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

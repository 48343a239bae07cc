#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/shared_options.h"
#include "lib/config/config_check.h"

namespace plainbounce {
namespace {

int run_check_config(const ConfigFile& config_file) {
  const ConfigCheck check = check_config(config_file, load_config(config_file));
  fmt::print(stderr, "{}", check.warnings);
  fmt::print("{}", check.summary);
  return kDone;
}

}  // namespace

Command add_check_config(CLI::App& app) {
  const auto config_file = std::make_shared<ConfigFile>();
  CLI::App* const line = app.add_subcommand(
      "check-config", "Check the configuration and your rules as plainbounce-milter --check does");
  add_config_file(*line, *config_file);
  return {line, [config_file] { return run_check_config(*config_file); }};
}

}  // namespace plainbounce

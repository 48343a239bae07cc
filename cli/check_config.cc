#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.h"
#include "lib/config/config_check.h"

namespace plainbounce {

int run_check_config(const std::optional<std::filesystem::path>& config_file) {
  const ConfigCheck check = check_config(config_file, load_config(config_file));
  fmt::print(stderr, "{}", check.warnings);
  fmt::print("{}", check.summary);
  return kDone;
}

}  // namespace plainbounce

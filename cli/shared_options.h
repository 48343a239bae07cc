// Options that several subcommands have -> what they work with.
#ifndef PLAINBOUNCE_CLI_SHARED_OPTIONS_H_
#define PLAINBOUNCE_CLI_SHARED_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/input.h"
#include "lib/config/config.h"
#include "lib/config/resources.h"

namespace plainbounce {

using ConfigFile = std::optional<std::filesystem::path>;  // nothing: the default one

struct Environment {
  Config config;
  Resources resources;
};

struct EnvironmentOptions {
  ConfigFile config_file;
  std::string language;  // BCP 47, in place of the configuration's; empty: the configuration's
};

// --conf, --lang, and FILE with --mbox.
void add_config_file(CLI::App& command, ConfigFile& config_file);
void add_language(CLI::App& command, EnvironmentOptions& options);
void add_source(CLI::App& command, MessageSource& source);

// Throws ConfigError or DataError where the files or the language can't be used.
Environment load_environment(const EnvironmentOptions& options);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_SHARED_OPTIONS_H_

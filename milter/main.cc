// plainbounce-milter: arguments -> a checked configuration -> the daemon.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "lib/config/config.h"
#include "lib/config/config_check.h"
#include "milter/daemon.h"
#include "milter/log.h"

namespace plainbounce {
namespace {

constexpr int kUsageError = 2;

struct Arguments {
  std::optional<std::string> conf;
  std::optional<std::string> listen;
  bool check = false;
  bool allow_root = false;
};

void declare(CLI::App& app, Arguments& arguments) {
  app.description(
      "Makes the bounce messages of Postfix and Sendmail readable. Serves in the "
      "foreground until SIGTERM.");
  app.add_option("--conf", arguments.conf,
                 "configuration file; default " + std::string(kDefaultConfigFile))
      ->type_name("FILE");
  app.add_option("--listen", arguments.listen,
                 "unix:PATH, inet:PORT@HOST or inet6:PORT@HOST, instead of the file's")
      ->type_name("ADDRESS");
  app.add_flag("--check", arguments.check, "check the configuration and exit");
  app.add_flag("--allow-root", arguments.allow_root, "run even as root");
  app.set_version_flag("--version", "plainbounce-milter " + std::string(version()));
}

// The file's configuration with the command line's on top. Throws ConfigError.
Config configure(const Arguments& arguments) {
  Config config = load_config(arguments.conf);
  config.allow_root |= arguments.allow_root;
  if (arguments.listen) {
    const auto address = parse_listen_address(*arguments.listen);
    if (!address) {
      throw ConfigError("--listen: expected unix:/PATH, inet:PORT@HOST or inet6:PORT@HOST");
    }
    config.listen = *address;
  }
  return config;
}

int fail(std::string_view message) {
  fmt::print(stderr, "plainbounce-milter: {}\n", message);
  return kUsageError;
}

int run(const Arguments& arguments) {
  const Config config = configure(arguments);
  if (arguments.check) {
    const ConfigCheck check = check_config(arguments.conf, config);
    fmt::print(stderr, "{}", check.warnings);
    fmt::print("{}", check.summary);
    return 0;
  }
  if (geteuid() == 0 && !config.allow_root) {
    return fail("won't run as root: start it as a user of its own, or give --allow-root");
  }
  set_up_log(config.log_target, config.log_level);
  run_daemon(config, [&arguments] { return configure(arguments); });
}

}  // namespace
}  // namespace plainbounce

int main(int argc, char** argv) {
  try {
    plainbounce::Arguments arguments;
    CLI::App app;
    plainbounce::declare(app, arguments);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? 0 : plainbounce::kUsageError;
    }
    return plainbounce::run(arguments);
  } catch (const std::exception& error) {
    // What can't be used was given by the administrator: a file, an option.
    std::fprintf(stderr, "%s\n", error.what());
  } catch (...) {
    std::fputs("plainbounce-milter: unknown exception\n", stderr);
  }
  return plainbounce::kUsageError;
}

#include "cli/shared_options.h"

#include <utility>

namespace plainbounce {

void add_config_file(CLI::App& command, ConfigFile& config_file) {
  command.add_option("--conf", config_file, "Configuration file");
}

void add_language(CLI::App& command, EnvironmentOptions& options) {
  command.add_option("--lang", options.language, "Language of the explanation");
}

void add_source(CLI::App& command, MessageSource& source) {
  source.paths = {"-"};
  command.add_option("FILE", source.paths,
                     "Messages, or folders of messages (Maildir); - or none: standard input");
  command.add_flag("--mbox", source.mbox, "The files are mboxes");
}

Environment load_environment(const EnvironmentOptions& options) {
  Config config = load_config(options.config_file);
  Resources resources = load_resources(config);
  if (!options.language.empty()) {
    refuse_unknown_language("--lang", options.language, resources.catalogue);
    config.house.language = options.language;
  }
  return {std::move(config), std::move(resources)};
}

}  // namespace plainbounce

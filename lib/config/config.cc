#include "lib/config/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "lib/base/nearest_word.h"
#include "lib/base/own_files.h"
#include "lib/config/config_keys.h"

namespace plainbounce {
namespace {

const ConfigKey* find_key(std::string_view name) {
  const auto keys = config_key_table();
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [name](const ConfigKey& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

bool is_table_of_keys(std::string_view name) {
  const std::string prefix = std::string(name) + ".";
  const auto keys = config_key_table();
  return std::any_of(keys.begin(), keys.end(),
                     [&prefix](const ConfigKey& key) { return key.name.starts_with(prefix); });
}

// "milter.listen" for "listen" written outside its table, else the nearest by edit distance.
std::string_view nearest_key(std::string_view name) {
  const std::string leaf = "." + std::string(name.substr(name.rfind('.') + 1));
  const std::vector<std::string_view> keys = config_keys();
  for (const std::string_view key : keys) {
    if (key.ends_with(leaf)) return key;
  }
  return nearest(name, keys);
}

std::string_view nearest_table(std::string_view name) {
  std::vector<std::string_view> tables;
  for (const std::string_view key : config_keys()) tables.push_back(key.substr(0, key.find('.')));
  return nearest(name, tables);
}

// Lays the file over the defaults, and keeps every mistake with its line.
class Overlay {
 public:
  explicit Overlay(std::string_view file) : file_(file) {}

  void apply(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      apply_node(prefix + std::string(key.str()), node);
    }
  }

  Config finish() {
    if (mistakes_.empty()) return std::move(config_);
    std::sort(mistakes_.begin(), mistakes_.end());
    std::string text;
    for (const auto& [line, mistake] : mistakes_) {
      text += fmt::format("{}{}:{}: {}", text.empty() ? "" : "\n", file_, line, mistake);
    }
    throw ConfigError(text);
  }

 private:
  void apply_node(const std::string& name, const toml::node& node) {
    if (const ConfigKey* const key = find_key(name)) {
      if (!key->set(node, config_)) report(node, name, "expected", key->expected);
    } else if (!is_table_of_keys(name)) {
      report_unknown(name, node);
    } else if (const toml::table* const table = node.as_table()) {
      apply(*table, name + ".");
    } else {
      report(node, name, "expected", fmt::format("a table of keys: [{}]", name));
    }
  }

  // An unknown table's keys are reported one by one: each has its own nearest key.
  void report_unknown(const std::string& name, const toml::node& node) {
    const toml::table* const table = node.as_table();
    if (table == nullptr) {
      report(node, name, "unknown key; the nearest one is", nearest_key(name));
    } else if (table->empty()) {
      report(node, name, "unknown table; the nearest one is", nearest_table(name));
    } else {
      apply(*table, name + ".");
    }
  }

  void report(const toml::node& node, std::string_view name, std::string_view what,
              std::string_view expected) {
    mistakes_.emplace_back(node.source().begin.line,
                           fmt::format("{}: {} {}", name, what, expected));
  }

  std::string_view file_;
  Config config_;
  std::vector<std::pair<toml::source_index, std::string>> mistakes_;
};

}  // namespace

Config parse_config(std::string_view file, std::string_view toml) {
  try {
    const toml::table table = toml::parse(toml, std::string(file));
    Overlay overlay(file);
    overlay.apply(table, "");
    return overlay.finish();
  } catch (const toml::parse_error& error) {
    throw ConfigError(
        fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
}

Config load_config(const std::optional<std::filesystem::path>& file) {
  std::error_code ignored;
  if (!file && !std::filesystem::exists(kDefaultConfigFile, ignored)) return {};
  const std::filesystem::path path = file.value_or(kDefaultConfigFile);
  try {
    return parse_config(path.string(), read_named_file(path));
  } catch (const OwnFileError& error) {
    throw ConfigError(error.what());
  }
}

namespace {

std::filesystem::path existing(const std::filesystem::path& directory,
                               const std::filesystem::path& by_default) {
  std::error_code ignored;
  const bool missing = directory == by_default && !std::filesystem::exists(directory, ignored);
  return missing ? std::filesystem::path() : directory;
}

}  // namespace

std::filesystem::path existing_rules_directory(const Config& config) {
  return existing(config.rules_directory, Config().rules_directory);
}

std::filesystem::path existing_messages_directory(const Config& config) {
  return existing(config.messages_directory, Config().messages_directory);
}

std::filesystem::path existing_templates_directory(const Config& config) {
  return existing(config.templates_directory, Config().templates_directory);
}

std::vector<std::string_view> config_keys() {
  std::vector<std::string_view> names;
  for (const ConfigKey& key : config_key_table()) names.push_back(key.name);
  return names;
}

}  // namespace plainbounce

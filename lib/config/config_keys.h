// The one table of configuration keys: what each is called, what it takes, where it goes.
#ifndef PLAINBOUNCE_LIB_CONFIG_CONFIG_KEYS_H_
#define PLAINBOUNCE_LIB_CONFIG_CONFIG_KEYS_H_

#include <toml++/toml.h>

#include <span>
#include <string_view>

#include "lib/config/config.h"

namespace plainbounce {

struct ConfigKey {
  std::string_view name;      // dotted: "milter.listen"
  std::string_view expected;  // completes "expected ..."

  // Puts the value where it belongs. False: the type or the value isn't what was expected; `config`
  // is unchanged then.
  bool (*set)(const toml::node& value, Config& config);
};

std::span<const ConfigKey> config_key_table();

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_CONFIG_CONFIG_KEYS_H_

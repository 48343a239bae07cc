// Config -> what an administrator should know of it before the daemon starts.
#ifndef PLAINBOUNCE_LIB_CONFIG_CONFIG_CHECK_H_
#define PLAINBOUNCE_LIB_CONFIG_CONFIG_CHECK_H_

#include <filesystem>
#include <optional>
#include <string>

#include "lib/config/config.h"

namespace plainbounce {

// Both hold lines that end LF.
struct ConfigCheck {
  std::string warnings;  // "FILE:LINE: warning: ..."; empty: none
  std::string summary;   // "FILE: ok", and what it makes plainbounce do
};

// Loads all that `config` (from `file`; nothing: the default one) asks for, and tries the examples
// of every rule in its rules directory. Throws DataError where the daemon would
// refuse to start. `plainbounce check-config` and `plainbounce-milter --check` are this.
ConfigCheck check_config(const std::optional<std::filesystem::path>& file, const Config& config);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_CONFIG_CONFIG_CHECK_H_

// plainbounce.conf (TOML) -> Config: what the administrator has chosen.
//
// A struct of defaults, overlaid by the file, checked key by key against one table
// (config_keys.cc). conf/plainbounce.conf is the manual of the keys.
#ifndef PLAINBOUNCE_LIB_CONFIG_CONFIG_H_
#define PLAINBOUNCE_LIB_CONFIG_CONFIG_H_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/data_error.h"
#include "lib/base/enum_ids.h"
#include "lib/config/listen_address.h"
#include "lib/rewrite.h"

namespace plainbounce {

inline constexpr const char* kDefaultConfigFile = "/etc/plainbounce/plainbounce.conf";

enum class LogTarget { kStandardError, kSyslog };
template <>
inline constexpr auto kIds<LogTarget> = ids_to<LogTarget::kSyslog>("stderr", "syslog");
enum class LogLevel { kDebug, kInfo, kWarning, kError };
template <>
inline constexpr auto kIds<LogLevel> = ids_to<LogLevel::kError>("debug", "info", "warning",
                                                                "error");

struct Config {
  // [milter]
  bool observe = false;  // change no message
  ListenAddress listen{ListenAddress::Family::kUnix, "/run/plainbounce/milter.sock", 0};
  mode_t socket_mode = 0660;  // of a unix socket
  std::string socket_group;   // name of the group that a unix socket gets; empty: the process' own
  bool allow_root = false;
  int max_sessions = 1000;  // connections whose messages are worked on
  std::filesystem::path state_file = "/run/plainbounce/in-hand";  // empty: none (crash_guard.h)

  // [messages]
  Policy policy = Policy::defaults();
  std::size_t max_message_size = std::size_t{64} << 20;  // bytes, header and body
  std::size_t max_memory = std::size_t{256} << 20;       // bytes of all messages being received
  std::chrono::milliseconds time_budget{4000};           // for one message
  std::chrono::milliseconds max_silence{60000};          // of the MTA within a message

  // [workers]
  int workers = 0;  // processes; 0: one for each processor, at least 2
  std::size_t worker_memory = std::size_t{512}
                              << 20;  // bytes that one may use beside what it shares

  // [notice]
  House house;

  std::filesystem::path messages_directory = "/etc/plainbounce/messages.d";  // empty: none
  std::filesystem::path templates_directory = "/etc/plainbounce/templates";  // empty: none

  // [knowledge]
  std::filesystem::path rules_directory = "/etc/plainbounce/rules.d";  // empty: none
  std::filesystem::path model;            // made by `plainbounce learn`; empty: the built-in one
  std::vector<std::string> mail_domains;  // the house's own and those it often writes to
  std::vector<std::string> own_hosts;     // its servers (own_hosts.h)

  // [metrics]
  std::string metrics_listen;  // "HOST:PORT"; empty: none

  // [log]
  LogTarget log_target = LogTarget::kStandardError;
  LogLevel log_level = LogLevel::kInfo;

  bool operator==(const Config&) const = default;
};

// A file that can't be used. what() holds one line for each mistake, in the order of the file:
// "FILE:LINE: KEY: what was expected". Ends the programs with exit status 2.
class ConfigError : public DataError {
 public:
  using DataError::DataError;
};

// The defaults overlaid by TOML text; `file` is its name for messages. Throws ConfigError.
Config parse_config(std::string_view file, std::string_view toml);

// Reads `file`, which may be a pipe. Nothing given: kDefaultConfigFile where that exists, else the
// defaults. Throws ConfigError, also for a file that can't be read or is too large (own_files.h).
Config load_config(const std::optional<std::filesystem::path>& file);

// The directories where they may be read from: empty if it is the default one and doesn't exist.
std::filesystem::path existing_rules_directory(const Config& config);
std::filesystem::path existing_messages_directory(const Config& config);
std::filesystem::path existing_templates_directory(const Config& config);

// Every key, dotted: "milter.listen". For the tests that compare it with the manual.
std::vector<std::string_view> config_keys();

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_CONFIG_CONFIG_H_

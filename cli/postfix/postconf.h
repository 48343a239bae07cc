// What postconf(1) prints -> Postfix' settings, as plain structs.
#ifndef PLAINBOUNCE_CLI_POSTFIX_POSTCONF_H_
#define PLAINBOUNCE_CLI_POSTFIX_POSTCONF_H_

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

using PostfixParameters = std::map<std::string, std::string, std::less<>>;

// One entry of master.cf (master(5)). Columns that hold "-" are kept so.
struct PostfixService {
  std::string name;           // "bounce", "127.0.0.1:10025"
  std::string type;           // "unix", "inet", "pass", ...
  std::string is_private;     // "-" means "y"
  std::string unprivileged;   // "-" means "y"
  std::string chroot;         // "-" depends on compatibility_level: see is_chrooted()
  std::string process_limit;  // "-" means default_process_limit
  std::string command;        // "cleanup"
  std::string stray;          // the first argument that the daemon can't take; empty: none
  PostfixParameters options;  // -o, with $name expanded
};

struct PostfixSettings {
  PostfixParameters parameters;  // of main.cf, or Postfix' defaults, with $name expanded
  std::vector<PostfixService> services;

  // Empty: there is no such parameter.
  std::string_view value(std::string_view name) const;

  // What holds in a service: its own -o, else main.cf.
  std::string_view value(const PostfixService& service, std::string_view name) const;

  // Null: there is none. Services of one name differ in their type.
  const PostfixService* service(std::string_view name, std::string_view type) const;

  bool is_chrooted(const PostfixService& service) const;
};

// The parameters that plainbounce asks for.
std::span<const std::string_view> asked_parameters();

// `parameters` is what `postconf -x NAME...` prints, `services` is `postconf -M`, `options` is
// `postconf -x -P`. Lines of another form are passed over.
PostfixSettings parse_postconf(std::string_view parameters, std::string_view services,
                               std::string_view options);

// A list as Postfix reads most of them: commas and white space part its items.
std::vector<std::string> split_list(std::string_view text);

// "6s", "5m", "1h", "1d", "1w", "30" (seconds). Nothing: another form.
std::optional<std::chrono::seconds> parse_postfix_time(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_POSTCONF_H_

// Postfix' settings, what is at the sockets and plainbounce's own configuration -> what is missing
// or dangerous about the way in which they are connected. Pure; findings.toml has the words.
#ifndef PLAINBOUNCE_CLI_POSTFIX_FINDINGS_H_
#define PLAINBOUNCE_CLI_POSTFIX_FINDINGS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/postfix/access.h"
#include "cli/postfix/postconf.h"
#include "cli/postfix/routes.h"
#include "cli/postfix/socket_probe.h"
#include "lib/config/config.h"

namespace plainbounce {

// Everything that the checks look at. Nothing in it is changed.
struct PostfixSituation {
  PostfixSettings settings;
  Config config;
  std::string config_file;  // its name, for messages
  ListenAddress listen;     // where Postfix should find plainbounce: config.listen or a balancer

  // What was found at the sockets of plainbounce, by the name that socket_key() gives them; one
  // that isn't here isn't judged.
  std::map<std::string, SocketReport> sockets;
  std::optional<Account> account;  // Postfix' own; nothing: permissions aren't judged
};

std::string socket_key(const MilterPlace& place);

struct Finding {
  std::string id;            // of findings.toml
  PostfixParameters values;  // what stands for {{NAME}} there

  bool operator==(const Finding&) const = default;
};

// What holds for all findings: the files main_cf, master_cf and conf; `listen`, as Postfix writes
// it; `enough`, a good content_timeout.
PostfixParameters common_values(const PostfixSituation& situation);

// In the order of the checks; none twice.
std::vector<Finding> check_postfix(const PostfixSituation& situation);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_FINDINGS_H_

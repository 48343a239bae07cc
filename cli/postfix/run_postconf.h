// A configuration directory -> Postfix' settings, as its own postconf(1) tells them.
#ifndef PLAINBOUNCE_CLI_POSTFIX_RUN_POSTCONF_H_
#define PLAINBOUNCE_CLI_POSTFIX_RUN_POSTCONF_H_

#include <stdexcept>
#include <string>

#include "cli/postfix/postconf.h"

namespace plainbounce {

// postconf couldn't be run, or fails: what() says why, in its own words where it has any.
class PostconfError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Runs postconf from PATH, else from /usr/sbin and the like. `directory` as for postconf -c; empty:
// Postfix' own. Changes nothing. Throws PostconfError.
PostfixSettings run_postconf(const std::string& directory);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_RUN_POSTCONF_H_

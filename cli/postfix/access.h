// Owners and modes on the way to a socket -> may an account connect to it?
#ifndef PLAINBOUNCE_CLI_POSTFIX_ACCESS_H_
#define PLAINBOUNCE_CLI_POSTFIX_ACCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace plainbounce {

struct Account {
  std::string name;
  uid_t uid = 0;
  std::vector<gid_t> groups;  // all, the primary one included
};

// A directory on the way, or the socket at its end.
struct PathStep {
  std::string path;
  uid_t owner = 0;
  gid_t group = 0;
  mode_t mode = 0;       // the nine permission bits
  bool has_acl = false;  // then the mode doesn't tell all
};

// The first step that stops the account: a directory that it may not pass, or the last step, where
// it may not write. Null: nothing does, or an ACL decides. Root is never stopped.
const PathStep* blocking_step(const std::vector<PathStep>& steps, const Account& account);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_POSTFIX_ACCESS_H_

#include "cli/postfix/access.h"

#include <algorithm>

namespace plainbounce {
namespace {

constexpr mode_t kPass = 1;
constexpr mode_t kWrite = 2;

// Of the three triples only the first that fits counts (path_resolution(7)).
bool may(const PathStep& step, const Account& account, mode_t wanted) {
  const auto& groups = account.groups;
  mode_t triple = step.mode;
  if (step.owner == account.uid) {
    triple >>= 6;
  } else if (std::find(groups.begin(), groups.end(), step.group) != groups.end()) {
    triple >>= 3;
  }
  return (triple & wanted) != 0;
}

}  // namespace

const PathStep* blocking_step(const std::vector<PathStep>& steps, const Account& account) {
  if (account.uid == 0) return nullptr;
  for (const PathStep& step : steps) {
    const mode_t wanted = &step == &steps.back() ? kWrite : kPass;
    if (!step.has_acl && !may(step, account, wanted)) return &step;
  }
  return nullptr;
}

}  // namespace plainbounce

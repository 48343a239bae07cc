#include <algorithm>

#include "cli/postfix/checks.h"

namespace plainbounce {
namespace {

bool skips_milters(const PostfixSettings& settings, const PostfixService& service) {
  const auto options = split_list(settings.value(service, "receive_override_options"));
  return std::find(options.begin(), options.end(), "no_milters") != options.end();
}

}  // namespace

void check_arriving(const PostfixSituation& situation, const Routes& routes,
                    std::vector<Finding>& findings) {
  std::vector<const MilterCalls*> ours;
  for (const MilterCalls& calls : routes.smtp) {
    if (calls.ours) ours.push_back(&calls);
  }
  if (ours.empty()) return;
  const PostfixParameters values{
      {"address", ours.front()->our_milter().address},
      {"parameter", ours.front()->by_client ? "smtpd_milter_maps" : "smtpd_milters"}};
  const bool none_calls = std::all_of(ours.begin(), ours.end(), [&](const auto* calls) {
    return skips_milters(situation.settings, *calls->service);
  });
  if (none_calls) findings.push_back({"milters-off", values});
  if (situation.config.policy.trusted == Policy::defaults().trusted) {
    findings.push_back({"trusted-not-set", values});
  }
}

}  // namespace plainbounce

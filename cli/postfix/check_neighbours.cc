#include <algorithm>

#include "cli/postfix/checks.h"

namespace plainbounce {
namespace {

constexpr std::string_view kChecks[] = {"header_checks", "mime_header_checks",
                                        "nested_header_checks", "body_checks",
                                        "milter_header_checks"};
constexpr std::string_view kUsualName = "cleanup";

// Programs that hand ordinary mail to a cleanup service.
bool takes_ordinary_mail(const PostfixService& service) {
  return service.command == "smtpd" || service.command == "pickup" || service.command == "qmqpd";
}

// The cleanup services by which reports reach plainbounce, once each.
std::vector<const PostfixService*> connected_cleanups(const Routes& routes) {
  std::vector<const PostfixService*> services;
  for (const ReportRoute& route : routes.reports) {
    if (!route.is_connected()) continue;
    const PostfixService* const service = route.calls->service;
    if (std::find(services.begin(), services.end(), service) == services.end()) {
      services.push_back(service);
    }
  }
  return services;
}

void check_filters(const PostfixSettings& settings, const PostfixService& cleanup,
                   std::vector<Finding>& findings) {
  std::vector<std::string> active;
  std::string empty_options;
  for (const std::string_view name : kChecks) {
    if (settings.value(cleanup, name).empty()) continue;
    active.emplace_back(name);
    empty_options += (empty_options.empty() ? "-o " : " -o ") + std::string(name) + "=";
  }
  if (active.empty()) return;
  const bool own = cleanup.name != kUsualName;
  findings.push_back(
      {own ? "checks-on-bounces" : "checks-on-bounces-main",
       {{"cleanup", cleanup.name}, {"checks", join_names(active)}, {"options", empty_options}}});
}

void check_sharing(const PostfixSettings& settings, const PostfixService& cleanup,
                   std::vector<Finding>& findings) {
  if (cleanup.name == kUsualName) return;
  std::vector<std::string> others;
  for (const PostfixService& service : settings.services) {
    if (!takes_ordinary_mail(service)) continue;
    if (settings.value(service, "cleanup_service_name") != cleanup.name) continue;
    others.push_back(service.name);
  }
  if (others.empty()) return;
  findings.push_back(
      {"cleanup-service-shared", {{"cleanup", cleanup.name}, {"others", join_names(others)}}});
}

}  // namespace

void check_neighbours(const PostfixSituation& situation, const Routes& routes,
                      std::vector<Finding>& findings) {
  for (const PostfixService* const cleanup : connected_cleanups(routes)) {
    check_filters(situation.settings, *cleanup, findings);
    check_sharing(situation.settings, *cleanup, findings);
    for (const MilterCalls& calls : routes.local) {
      if (!calls.ours || calls.service == cleanup) continue;
      findings.push_back(
          {"two-forms", {{"cleanup", cleanup->name}, {"address", calls.our_milter().address}}});
    }
  }
}

}  // namespace plainbounce

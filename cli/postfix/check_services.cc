#include <algorithm>

#include "cli/postfix/checks.h"
#include "lib/base/nearest_word.h"

namespace plainbounce {
namespace {

// What a slip of the hand is likely to have meant.
constexpr std::string_view kOptions[] = {"internal_mail_filter_classes",
                                         "cleanup_service_name",
                                         "non_smtpd_milters",
                                         "milter_macro_daemon_name",
                                         "milter_default_action",
                                         "milter_protocol",
                                         "milter_connect_timeout",
                                         "milter_command_timeout",
                                         "milter_content_timeout",
                                         "header_checks",
                                         "mime_header_checks",
                                         "nested_header_checks",
                                         "body_checks",
                                         "milter_header_checks",
                                         "syslog_name"};
constexpr std::size_t kMostSlips = 2;

// Those that make bounces, and the cleanup services that take them.
std::vector<const PostfixService*> services_of(const Routes& routes) {
  std::vector<const PostfixService*> services;
  const auto add = [&services](const PostfixService* service) {
    if (std::find(services.begin(), services.end(), service) != services.end()) return;
    services.push_back(service);
  };
  for (const ReportRoute& route : routes.reports) add(route.reporter);
  for (const ReportRoute& route : routes.reports) {
    if (route.calls && route.calls->service->command == "cleanup") add(route.calls->service);
  }
  return services;
}

bool has_several_entries(const PostfixSettings& settings, const PostfixService& service) {
  return std::count_if(settings.services.begin(), settings.services.end(), [&](const auto& each) {
           return each.name == service.name && each.type == service.type;
         }) > 1;
}

void check_entries(const PostfixSettings& settings, const Routes& routes,
                   std::vector<Finding>& findings) {
  std::vector<std::string> names;
  for (const PostfixService* const service : services_of(routes)) {
    if (has_several_entries(settings, *service)) names.push_back(service->name);
  }
  if (!names.empty()) findings.push_back({"service-twice", {{"services", join_names(names)}}});
}

void check_options(const PostfixService& service, std::vector<Finding>& findings) {
  for (const auto& [name, value] : service.options) {
    const std::string_view meant = nearest(name, kOptions);
    const std::size_t slips = edit_distance(name, meant);
    if (slips == 0 || slips > kMostSlips) continue;
    findings.push_back(
        {"option-misspelt",
         {{"service", service.name}, {"name", name}, {"meant", std::string(meant)}}});
  }
}

void check_service(const PostfixService& service, std::vector<Finding>& findings) {
  if (!service.stray.empty()) {
    findings.push_back({"option-broken", {{"service", service.name}, {"word", service.stray}}});
  }
  check_options(service, findings);
  if (service.process_limit == "0") return;
  const std::string limit = service.process_limit == "-" ? "-, the default" : service.process_limit;
  findings.push_back({"process-limit",
                      {{"service", service.name}, {"limit", limit}, {"program", service.command}}});
}

}  // namespace

void check_services(const PostfixSituation& situation, const Routes& routes,
                    std::vector<Finding>& findings) {
  const PostfixSettings& settings = situation.settings;
  for (const PostfixService* const service : services_of(routes)) {
    check_service(*service, findings);
  }
  check_entries(settings, routes, findings);
  for (const ReportRoute& route : routes.reports) {
    if (!route.calls || !route.own_cleanup) continue;
    const PostfixService& cleanup = *route.calls->service;
    if (cleanup.command == "cleanup" && cleanup.is_private != "n") {
      findings.push_back({"cleanup-service-private", {{"cleanup", cleanup.name}}});
    }
  }
}

}  // namespace plainbounce

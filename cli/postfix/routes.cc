#include "cli/postfix/routes.h"

#include <algorithm>

namespace plainbounce {
namespace {

// plainbounce itself, else what is called so but is elsewhere.
std::optional<std::size_t> find_ours(const MilterCalls& calls, const PostfixSettings& settings,
                                     const ListenAddress& listen) {
  for (std::size_t i = 0; i < calls.milters.size(); ++i) {
    if (is_served_by(place_of(calls.milters[i], settings, *calls.service), listen)) return i;
  }
  for (std::size_t i = 0; i < calls.milters.size(); ++i) {
    if (calls.milters[i].address.find("plainbounce") != std::string::npos) return i;
  }
  return std::nullopt;
}

MilterCalls calls_of(const PostfixService& service, std::vector<ListedMilter> milters,
                     const PostfixSettings& settings, const ListenAddress& listen) {
  MilterCalls calls;
  calls.service = &service;
  calls.milters = std::move(milters);
  calls.ours = find_ours(calls, settings, listen);
  return calls;
}

void add_smtpd(const PostfixService& service, const PostfixSettings& settings,
               const ListenAddress& listen, std::vector<MilterCalls>& all) {
  const std::string_view tables = settings.value(service, "smtpd_milter_maps");
  if (!tables.empty()) {
    all.push_back(calls_of(service, parse_milter_table(tables), settings, listen));
    all.back().by_client = true;
  }
  const std::string_view list = settings.value(service, "smtpd_milters");
  all.push_back(calls_of(service, parse_milter_list(list), settings, listen));
}

std::optional<MilterCalls> cleanup_calls(std::string_view name, const PostfixSettings& settings,
                                         const ListenAddress& listen) {
  const PostfixService* const cleanup = settings.service(name, "unix");
  if (cleanup == nullptr) return std::nullopt;
  return calls_of(*cleanup, parse_milter_list(settings.value(*cleanup, "non_smtpd_milters")),
                  settings, listen);
}

ReportRoute report_route(const PostfixService& reporter, const PostfixSettings& settings,
                         const ListenAddress& listen) {
  ReportRoute route;
  route.reporter = &reporter;
  const auto classes = split_list(settings.value(reporter, "internal_mail_filter_classes"));
  route.filtered = std::find(classes.begin(), classes.end(), "bounce") != classes.end();
  route.cleanup_name = settings.value(reporter, "cleanup_service_name");
  route.own_cleanup = route.cleanup_name != settings.value("cleanup_service_name");
  route.calls = cleanup_calls(route.cleanup_name, settings, listen);
  return route;
}

}  // namespace

std::vector<const MilterCalls*> Routes::calling_us() const {
  std::vector<const MilterCalls*> all;
  const auto add = [&all](const MilterCalls& calls) {
    if (!calls.ours) return;
    const bool known = std::any_of(all.begin(), all.end(), [&](const MilterCalls* other) {
      return other->service == calls.service &&
             other->our_milter().address == calls.our_milter().address;
    });
    if (!known) all.push_back(&calls);
  };
  for (const ReportRoute& route : reports) {
    if (route.calls) add(*route.calls);
  }
  for (const MilterCalls& calls : local) add(calls);
  for (const MilterCalls& calls : smtp) add(calls);
  return all;
}

Routes find_routes(const PostfixSettings& settings, const ListenAddress& listen) {
  Routes routes;
  for (const auto* const name :
       {"bounce_service_name", "defer_service_name", "trace_service_name"}) {
    const PostfixService* const reporter = settings.service(settings.value(name), "unix");
    if (reporter != nullptr) routes.reports.push_back(report_route(*reporter, settings, listen));
  }
  if (auto usual = cleanup_calls(settings.value("cleanup_service_name"), settings, listen)) {
    routes.local.push_back(std::move(*usual));
  }
  for (const PostfixService& service : settings.services) {
    if (service.command == "smtpd") add_smtpd(service, settings, listen, routes.smtp);
  }
  return routes;
}

MilterPlace place_of(const ListedMilter& milter, const PostfixSettings& settings,
                     const PostfixService& service) {
  return milter_place(milter.address, settings.value("queue_directory"),
                      settings.is_chrooted(service));
}

}  // namespace plainbounce

#include "cli/postfix/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cli/postfix/checks.h"

namespace plainbounce {
namespace {

using Family = ListenAddress::Family;
using std::chrono::seconds;

// By which content_timeout should be longer than time_budget.
constexpr seconds kSpare{2};

// As main.cf and master.cf write it.
std::string postfix_address(const ListenAddress& listen) {
  if (listen.family == Family::kUnix) return "unix:" + listen.place;
  const bool is_numeric_v6 = listen.place.find(':') != std::string::npos;
  return is_numeric_v6 ? fmt::format("inet:[{}]:{}", listen.place, listen.port)
                       : fmt::format("inet:{}:{}", listen.place, listen.port);
}

}  // namespace

std::string socket_key(const MilterPlace& place) {
  return place.family == Family::kUnix ? place.path : place.host + ":" + place.port;
}

PostfixParameters common_values(const PostfixSituation& situation) {
  const std::string directory(situation.settings.value("config_directory"));
  const auto enough = std::chrono::ceil<seconds>(situation.config.time_budget) + kSpare;
  return {{"main_cf", directory + "/main.cf"},
          {"master_cf", directory + "/master.cf"},
          {"conf", situation.config_file},
          {"listen", postfix_address(situation.listen)},
          {"enough", fmt::format("{}s", enough.count())}};
}

std::vector<Finding> check_postfix(const PostfixSituation& situation) {
  const Routes routes = find_routes(situation.settings, situation.listen);
  std::vector<Finding> all;
  check_reports(situation, routes, all);
  check_services(situation, routes, all);
  check_neighbours(situation, routes, all);
  check_calls(situation, routes, all);
  check_other_milters(situation, routes, all);
  check_arriving(situation, routes, all);
  check_sockets(situation, routes, all);
  check_bounces(situation, all);
  check_readers(situation, all);
  std::vector<Finding> findings;
  for (Finding& finding : all) {
    if (std::find(findings.begin(), findings.end(), finding) != findings.end()) continue;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace plainbounce

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/json.h"
#include "cli/postfix/finding_text.h"
#include "cli/postfix/findings.h"
#include "cli/postfix/routes.h"
#include "cli/postfix/run_postconf.h"
#include "cli/shared_options.h"

namespace plainbounce {
namespace {

struct CheckPostfixOptions {
  bool json = false;
  ConfigFile config_file;
  std::string directory;  // Postfix' configuration; empty: where its own programs look
  std::string milter;  // where Postfix reaches plainbounce, as it writes it; empty: as configured
};

// As Postfix writes it: "inet:HOST:PORT" or "unix:/PATH".
ListenAddress parse_milter(const std::string& address) {
  const MilterPlace place = milter_place(address, "", false);
  std::string form = "unix:" + place.path;
  if (place.family == ListenAddress::Family::kInet) form = "inet:" + place.port + "@" + place.host;
  if (place.family == ListenAddress::Family::kInet6)
    form = "inet6:" + place.port + "@" + place.host;
  const auto listen = parse_listen_address(form);
  if (!listen) throw InputError("--milter: expected \"unix:/PATH\" or \"inet:HOST:PORT\"");
  return *listen;
}

PostfixSituation look(const CheckPostfixOptions& options) {
  PostfixSituation situation;
  situation.config = load_config(options.config_file);
  situation.config_file = options.config_file.value_or(kDefaultConfigFile).string();
  situation.listen =
      options.milter.empty() ? situation.config.listen : parse_milter(options.milter);
  situation.settings = run_postconf(options.directory);
  situation.account = find_account(std::string(situation.settings.value("mail_owner")));
  const Routes routes = find_routes(situation.settings, situation.listen);
  for (const MilterCalls* const calls : routes.calling_us()) {
    const MilterPlace place = place_of(calls->our_milter(), situation.settings, *calls->service);
    const auto [report, is_new] = situation.sockets.try_emplace(socket_key(place));
    if (is_new) report->second = probe_socket(place);
  }
  return situation;
}

void print_json(const std::vector<FindingText>& findings) {
  for (const FindingText& finding : findings) {
    Json json = Json::object();
    json["severity"] = id_of(finding.severity);
    json["id"] = finding.id;
    json["what"] = finding.what;
    json["why"] = finding.why;
    json["fix"] = finding.fix;
    fmt::print("{}", json_line(json));
  }
}

// What each kind of mail meets, for those who want to see that the right thing was looked at.
void print_routes(const PostfixSituation& situation) {
  const Routes routes = find_routes(situation.settings, situation.listen);
  for (const ReportRoute& route : routes.reports) {
    if (!route.is_connected()) continue;
    fmt::print("  {}: by {}, to {}\n", route.reporter->name, route.cleanup_name,
               route.calls->our_milter().address);
  }
  for (const MilterCalls& calls : routes.smtp) {
    if (!calls.ours) continue;
    fmt::print("  {} (smtpd): to {}\n", calls.service->name, calls.our_milter().address);
  }
}

// The lines of `do` stand as they have to be pasted: a blank at their begin means something there.
void print_text(const std::vector<FindingText>& findings) {
  for (const FindingText& finding : findings) {
    fmt::print("\n{}: {}\n{}\nwhy: {}\ndo: {}\n", id_of(finding.severity), finding.id, finding.what,
               finding.why, finding.fix);
  }
  if (!findings.empty()) fmt::print("\nAfter a change in Postfix' files: postfix reload\n");
}

std::size_t count(const std::vector<FindingText>& findings, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const FindingText& finding) { return finding.severity == severity; }));
}

bool is_well(const std::vector<FindingText>& findings) {
  return count(findings, Severity::kHint) == findings.size();
}

// "/etc/postfix: all is well", "/etc/postfix: 1 danger, 2 missing, 1 hint"
std::string verdict(const std::vector<FindingText>& findings) {
  std::vector<std::string> counts;
  if (is_well(findings)) counts.emplace_back("all is well");
  for (const Severity severity : {Severity::kDanger, Severity::kMissing, Severity::kHint}) {
    const std::size_t number = count(findings, severity);
    if (number > 0) counts.push_back(fmt::format("{} {}", number, id_of(severity)));
  }
  return fmt::format("{}", fmt::join(counts, ", "));
}

int run_check_postfix(const CheckPostfixOptions& options) {
  const PostfixSituation situation = look(options);
  const auto findings = describe(check_postfix(situation), common_values(situation));
  if (options.json) {
    print_json(findings);
  } else {
    fmt::print("{}: {}\n", situation.settings.value("config_directory"), verdict(findings));
    print_routes(situation);
    print_text(findings);
  }
  return is_well(findings) ? kDone : kFindings;
}

}  // namespace

Command add_check_postfix(CLI::App& app) {
  const auto options = std::make_shared<CheckPostfixOptions>();
  CLI::App* const line = app.add_subcommand(
      "check-postfix", "Say what is missing or dangerous in the way Postfix is connected");
  add_config_file(*line, options->config_file);
  line->add_flag("--json", options->json, "One JSON object per finding");
  line->add_option("--config", options->directory, "Postfix' configuration, as postconf -c");
  line->add_option("--milter", options->milter,
                   "Where Postfix reaches plainbounce, if not where it listens (a balancer)");
  return {line, [options] { return run_check_postfix(*options); }};
}

}  // namespace plainbounce

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "cli/postfix/checks.h"

namespace plainbounce {
namespace {

using std::chrono::seconds;

// Beyond these a milter that hangs holds each bounce for long. Postfix' own 30 s are no trouble.
constexpr seconds kLongestStep{60};
constexpr seconds kLongestContent{120};
constexpr int kProtocol = 6;     // what plainbounce and Postfix speak to each other by default
constexpr int kBracesSince = 3;  // Postfix' version that knows { }

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class CallCheck {
 public:
  CallCheck(const PostfixSituation& situation, const MilterCalls& calls,
            std::vector<Finding>& findings)
      : situation_(situation), calls_(calls), findings_(findings) {}

  void check() {
    check_version();
    check_default_action();
    check_timeouts();
    const std::string_view protocol = setting("protocol");
    if (leading_number(protocol) < kProtocol) {
      say("protocol-old", {{"protocol", std::string(protocol)}});
    }
  }

 private:
  // Where the milter is listed.
  std::string parameter() const {
    if (calls_.by_client) return "smtpd_milter_maps";
    return is_smtp() ? "smtpd_milters" : "non_smtpd_milters";
  }

  bool is_smtp() const { return calls_.service->command == "smtpd"; }

  std::string_view setting(std::string_view name) const {
    return milter_setting(calls_.our_milter(), name, situation_.settings, *calls_.service);
  }

  void say(std::string id, PostfixParameters values) {
    values["address"] = calls_.our_milter().address;
    values["service"] = is_smtp() ? "smtpd" : calls_.service->name;
    values["parameter"] = parameter();
    findings_.push_back({std::move(id), std::move(values)});
  }

  void check_version() {
    const std::string_view version = situation_.settings.value("mail_version");
    if (leading_number(version) >= kBracesSince || calls_.our_milter().settings.empty()) return;
    say("postfix-too-old", {{"version", std::string(version)}});
  }

  void check_default_action() {
    const std::string action(setting("default_action"));
    const bool for_everybody = is_smtp() && !calls_.by_client;
    if (action == "tempfail" || action == "accept") {
      if (for_everybody) {
        say("smtpd-for-everybody", {{"action", action}});
      } else if (action == "accept") {
        say("default-action-accept", {});
      }
    } else {
      say("default-action-other", {{"action", action}});
    }
  }

  void check_timeouts() {
    const auto content = parse_postfix_time(setting("content_timeout"));
    if (content && *content <= situation_.config.time_budget) {
      const double budget = std::chrono::duration<double>(situation_.config.time_budget).count();
      say("content-timeout-short", {{"timeout", std::string(setting("content_timeout"))},
                                    {"budget", fmt::format("{:g}", budget)}});
    }
    const std::string longest = long_timeouts();
    if (!longest.empty() && !is_smtp()) say("timeouts-long", {{"timeouts", longest}});
  }

  // "content_timeout=300s": those that are far longer than needed.
  std::string long_timeouts() const {
    std::vector<std::string> found;
    for (const auto* const name : {"connect_timeout", "command_timeout", "content_timeout"}) {
      const auto time = parse_postfix_time(setting(name));
      const bool is_content = std::string_view(name) == "content_timeout";
      if (!time || *time <= (is_content ? kLongestContent : kLongestStep)) continue;
      found.push_back(std::string(name) + "=" + std::string(setting(name)));
    }
    return found.empty() ? "" : join_names(found);
  }

  const PostfixSituation& situation_;
  const MilterCalls& calls_;
  std::vector<Finding>& findings_;
};

}  // namespace

void check_calls(const PostfixSituation& situation, const Routes& routes,
                 std::vector<Finding>& findings) {
  for (const MilterCalls* const calls : routes.calling_us()) {
    CallCheck(situation, *calls, findings).check();
  }
}

}  // namespace plainbounce

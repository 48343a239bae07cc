#include <algorithm>
#include <map>

#include "cli/postfix/checks.h"

namespace plainbounce {
namespace {

constexpr std::string_view kClasses = "internal_mail_filter_classes";

std::string unknown_class(std::string_view classes) {
  for (const std::string& item : split_list(classes)) {
    if (item != "bounce" && item != "notify") return item;
  }
  return {};
}

// plainbounce is in a list that cleanup doesn't use.
bool is_in_wrong_list(const MilterCalls& calls) {
  const auto found = calls.service->options.find("smtpd_milters");
  return found != calls.service->options.end() && !found->second.empty();
}

std::string addresses(const std::vector<ListedMilter>& milters) {
  std::vector<std::string> names;
  names.reserve(milters.size());
  for (const ListedMilter& milter : milters) names.push_back(milter.address);
  return names.empty() ? "none" : join_names(names);
}

class ReportCheck {
 public:
  ReportCheck(const PostfixSituation& situation, const Routes& routes)
      : settings_(situation.settings), routes_(routes) {}

  void add(std::vector<Finding>& findings) {
    for (const ReportRoute& route : routes_.reports) judge(route);
    for (auto& [finding, services] : found_) {
      Finding one{finding.first, finding.second};
      one.values["services"] = join_names(services);
      one.values["service"] = services.front();
      findings.push_back(std::move(one));
    }
    if (!unconnected_.empty()) findings.push_back(unconnected());
  }

 private:
  using Key = std::pair<std::string, PostfixParameters>;

  // What is wrong with one way goes with its services into one finding.
  void say(const ReportRoute& route, std::string id, PostfixParameters values = {}) {
    values["cleanup"] = route.cleanup_name;
    found_[Key(std::move(id), std::move(values))].push_back(route.reporter->name);
  }

  void judge(const ReportRoute& route) {
    const std::string bad_class = unknown_class(settings_.value(*route.reporter, kClasses));
    if (!bad_class.empty()) {
      say(route, "filter-class-unknown", {{"class", bad_class}});
    } else if (!route.calls) {
      say(route, "cleanup-service-missing");
    } else if (route.calls->service->command != "cleanup") {
      say(route, "cleanup-service-wrong", {{"command", route.calls->service->command}});
    } else if (route.calls->ours) {
      if (!route.filtered) {
        say(route, route.own_cleanup ? "filter-class-missing" : "filter-class-missing-main");
      }
    } else if (route.own_cleanup) {
      judge_list(route);
    } else if (route.reporter->stray.empty()) {
      unconnected_.push_back(route.reporter->name);
    }
  }

  void judge_list(const ReportRoute& route) {
    if (is_in_wrong_list(*route.calls)) {
      say(route, "wrong-milter-list");
    } else {
      say(route, "milter-not-listed", {{"listed", addresses(route.calls->milters)}});
    }
  }

  Finding unconnected() const {
    const PostfixParameters services{{"services", join_names(unconnected_)},
                                     {"service", unconnected_.front()}};
    const bool all = unconnected_.size() == routes_.reports.size();
    const bool arriving = std::any_of(routes_.smtp.begin(), routes_.smtp.end(),
                                      [](const auto& calls) { return calls.ours.has_value(); });
    if (!all) return {"service-not-connected", services};
    return {arriving ? "own-bounces-not-connected" : "not-connected", services};
  }

  const PostfixSettings& settings_;
  const Routes& routes_;
  std::map<Key, std::vector<std::string>> found_;
  std::vector<std::string> unconnected_;  // services with nothing of ours about them
};

}  // namespace

void check_reports(const PostfixSituation& situation, const Routes& routes,
                   std::vector<Finding>& findings) {
  ReportCheck(situation, routes).add(findings);
}

std::string join_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace plainbounce

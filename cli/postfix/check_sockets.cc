#include <fmt/format.h>

#include "cli/postfix/checks.h"

namespace plainbounce {
namespace {

using Family = ListenAddress::Family;

class SocketCheck {
 public:
  SocketCheck(const PostfixSituation& situation, const MilterCalls& calls,
              std::vector<Finding>& findings)
      : situation_(situation),
        calls_(calls),
        place_(place_of(calls.our_milter(), situation.settings, *calls.service)),
        findings_(findings) {}

  void check() {
    const auto found = situation_.sockets.find(socket_key(place_));
    const SocketReport* const report = found == situation_.sockets.end() ? nullptr : &found->second;
    const bool answers = report != nullptr && report->state == SocketState::kAnswers;
    const bool served = is_served_by(place_, situation_.listen);
    if (!served && answers) {
      say("socket-elsewhere", {});
    } else if (is_misplaced() && !answers) {
      say("socket-in-chroot", {{"queue", std::string(queue_directory())}});
    } else if (!served) {
      say("socket-differs", {});
    } else if (report != nullptr) {
      judge(*report);
    }
    if (place_.family != Family::kUnix)
      say(is_on_loopback(place_) ? "tcp-local" : "tcp-remote", {});
  }

 private:
  std::string_view queue_directory() const { return situation_.settings.value("queue_directory"); }

  void say(std::string id, PostfixParameters values) {
    values["address"] = calls_.our_milter().address;
    values["service"] = calls_.service->name;
    values["path"] = socket_key(place_);
    findings_.push_back({std::move(id), std::move(values)});
  }

  // plainbounce's socket lies where a chrooted service can't see it.
  bool is_misplaced() const {
    return place_.family == Family::kUnix && situation_.listen.family == Family::kUnix &&
           !situation_.listen.place.starts_with(fmt::format("{}/", queue_directory())) &&
           situation_.settings.is_chrooted(*calls_.service);
  }

  void judge(const SocketReport& report) {
    if (report.state != SocketState::kAnswers) {
      say(fmt::format("socket-{}", id_of(report.state)), {});
    }
    if (!situation_.account || calls_.service->unprivileged == "n") return;
    const std::vector<PathStep> steps = steps_from_start(report.steps);
    const PathStep* const block = blocking_step(steps, *situation_.account);
    if (block == nullptr) return;
    say(block == &steps.back() ? "socket-not-writable" : "directory-not-passable",
        {{"account", situation_.account->name},
         {"step", block->path},
         {"mode", fmt::format("{:04o}", block->mode)}});
  }

  // A chrooted process starts at the queue directory, and so does a relative path.
  std::vector<PathStep> steps_from_start(const std::vector<PathStep>& steps) const {
    if (place_.path == place_.written) return steps;
    std::vector<PathStep> inside;
    for (const PathStep& step : steps) {
      if (step.path.starts_with(queue_directory())) inside.push_back(step);
    }
    return inside;
  }

  const PostfixSituation& situation_;
  const MilterCalls& calls_;
  MilterPlace place_;
  std::vector<Finding>& findings_;
};

}  // namespace

void check_sockets(const PostfixSituation& situation, const Routes& routes,
                   std::vector<Finding>& findings) {
  for (const MilterCalls* const calls : routes.calling_us()) {
    SocketCheck(situation, *calls, findings).check();
  }
}

}  // namespace plainbounce

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "cli/postfix/checks.h"

namespace plainbounce {
namespace {

// More than the notice, the report and the headers of a bounce take beside the returned message.
constexpr std::uint64_t kBesideReturned = 64 << 10;

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Those of notify_classes that make copies of bounces.
std::vector<std::string> copied_classes(const PostfixSettings& settings) {
  std::vector<std::string> found;
  for (const std::string& item : split_list(settings.value("notify_classes"))) {
    if (item == "bounce" || item == "2bounce" || item == "delay") found.push_back(item);
  }
  return found;
}

}  // namespace

void check_bounces(const PostfixSituation& situation, std::vector<Finding>& findings) {
  const PostfixSettings& settings = situation.settings;
  if (settings.value("soft_bounce") == "yes") findings.push_back({"soft-bounce", {}});
  const std::string limit(settings.value("bounce_size_limit"));
  const std::size_t most = situation.config.max_message_size;
  if (number(limit) + kBesideReturned > most) {
    findings.push_back(
        {"bounce-size-large", {{"limit", limit}, {"max_size", std::to_string(most)}}});
  }
  const auto classes = copied_classes(settings);
  if (!classes.empty()) {
    findings.push_back({"postmaster-copies", {{"classes", join_names(classes)}}});
  }
  const auto instances = split_list(settings.value("multi_instance_directories"));
  if (!instances.empty()) {
    findings.push_back({"other-instances",
                        {{"instances", join_names(instances)}, {"instance", instances.front()}}});
  }
}

}  // namespace plainbounce

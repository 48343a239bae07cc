#include "lib/report/message_kind.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "lib/report/text.h"

namespace plainbounce {
namespace {

bool is_other_report(const Report& report) {
  return report.content_type == "multipart/report" && !report.report_type.empty() &&
         report.report_type != "delivery-status";
}

bool is_daemon(std::string_view address) {
  const std::string local = ascii_lower(address.substr(0, address.find('@')));
  return local.find("mailer-daemon") != std::string::npos || local == "postmaster";
}

bool is_null_sender(const Report& report) {
  return report.has_return_path && (report.return_path.empty() || is_daemon(report.return_path));
}

}  // namespace

MessageKind judge_kind(const Entity& root, const Report& report) {
  if (is_other_report(report)) return MessageKind::kNotABounce;
  if (root.header.has("X-Failed-Recipients")) return MessageKind::kOtherBounce;
  const bool automatic = is_null_sender(report) || is_daemon(report.from.address);
  return automatic ? MessageKind::kOtherBounce : MessageKind::kNotABounce;
}

}  // namespace plainbounce

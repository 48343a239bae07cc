#include "lib/rewrite.h"

namespace plainbounce {
Policy Policy::defaults() { return {}; }
std::string_view leave_reason_id(LeaveReason) { return ""; }
LeaveReason judge_envelope(const Envelope&, const Policy&) { return LeaveReason::kNone; }
bool is_trusted(std::string_view, const Policy&) { return true; }
Rewrite rewrite(std::string_view, const Envelope&, const Policy&, const House&, const Resources&) {
  return {};
}
std::string_view version() { return "0.1.0"; }
}  // namespace plainbounce

#include "lib/diagnosis/evidence.h"

#include <fmt/format.h>

namespace plainbounce {

Evidence rule_evidence(const Rule& rule) {
  return {.kind = Evidence::Kind::kRule, .rule = rule.id, .strength = rule.strength};
}

Evidence status_evidence(const EnhancedStatus& status) {
  return {.kind = Evidence::Kind::kStatus, .status = status};
}

Evidence reply_evidence(int code) { return {.kind = Evidence::Kind::kReply, .code = code}; }

Evidence class_evidence(int reply_class) {
  return {.kind = Evidence::Kind::kClass, .code = reply_class};
}

Evidence model_evidence() { return {.kind = Evidence::Kind::kModel}; }

bool is_said_outright(const Evidence& evidence) {
  return evidence.kind == Evidence::Kind::kRule && evidence.strength != Strength::kHint;
}

std::string to_string(const Evidence& evidence) {
  switch (evidence.kind) {
    case Evidence::Kind::kRule:
      return fmt::format("rule:{}", evidence.rule);
    case Evidence::Kind::kStatus:
      return fmt::format("status:{}", to_string(evidence.status));
    case Evidence::Kind::kReply:
      return fmt::format("reply:{}", evidence.code);
    case Evidence::Kind::kClass:
      return fmt::format("class:{}", evidence.code);
    case Evidence::Kind::kModel:
      return "model";
    case Evidence::Kind::kNone:
      break;
  }
  return "none";
}

}  // namespace plainbounce

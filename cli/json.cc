#include "cli/json.h"

#include <array>
#include <ctime>

namespace plainbounce {
namespace {

// RFC 3339 in UTC.
std::string rfc3339(const Timestamp& timestamp) {
  const std::time_t seconds = timestamp.unix_seconds;
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return {};
  std::array<char, 40> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

template <typename T>
void add(Json& json, std::string_view key, const std::optional<T>& number) {
  if (number) json[std::string(key)] = *number;
}
void add(Json& json, std::string_view key, const std::optional<Timestamp>& when) {
  if (when) json[std::string(key)] = rfc3339(*when);
}
void add(Json& json, std::string_view key, const std::string& text) {
  if (!text.empty()) json[std::string(key)] = text;
}
void add(Json& /*json*/, std::string_view /*key*/, bool /*flag*/) {}

Json facts_json(const Facts& facts) {
  Json json = Json::object();
  for (const FactEntry& fact : kFacts) {
    std::visit([&](auto member) { add(json, fact.name, facts.*member); }, fact.member);
  }
  return json;
}

}  // namespace

std::string_view kind_id(MessageKind kind) {
  switch (kind) {
    case MessageKind::kReport:
      return "report";
    case MessageKind::kOtherBounce:
      return "other-bounce";
    case MessageKind::kNotABounce:
      return "not-a-bounce";
  }
  return "not-a-bounce";
}

std::string_view action_id(Action action) {
  switch (action) {
    case Action::kNone:
      return "";
    case Action::kFailed:
      return "failed";
    case Action::kDelayed:
      return "delayed";
    case Action::kDelivered:
      return "delivered";
    case Action::kRelayed:
      return "relayed";
    case Action::kExpanded:
      return "expanded";
    case Action::kDeliverable:
      return "deliverable";
    case Action::kUndeliverable:
      return "undeliverable";
  }
  return "";
}

Json reply_json(const RecipientDiagnosis& recipient) {
  Json json = Json::object();
  json["status"] = recipient.status ? to_string(*recipient.status) : "";
  json["reply"] = recipient.reply.text;
  json["outcome"] = outcome_id(recipient.outcome);
  json["cause"] = cause_id(recipient.cause);
  json["who"] = actor_id(recipient.actor);
  json["confidence"] = confidence_id(recipient.confidence);
  json["evidence"] = recipient.evidence;
  json["facts"] = facts_json(recipient.facts);
  return json;
}

Json recipient_json(const RecipientDiagnosis& recipient) {
  Json json = Json::object();
  json["address"] = recipient.final_recipient;
  json["action"] = action_id(recipient.action);
  json.update(reply_json(recipient));
  return json;
}

std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plainbounce

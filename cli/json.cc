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
void add_number(Json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = *value;
}

void add_time(Json& json, const char* key, const std::optional<Timestamp>& value) {
  if (value) json[key] = rfc3339(*value);
}

void add_text(Json& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}

Json facts_json(const Facts& facts) {
  Json json = Json::object();
  add_number(json, "message_size", facts.message_size);
  add_number(json, "size_limit", facts.size_limit);
  add_number(json, "recipient_limit", facts.recipient_limit);
  add_number(json, "retry_after", facts.retry_after);
  add_text(json, "limit", facts.limit);
  add_time(json, "first_attempt", facts.first_attempt);
  add_time(json, "last_attempt", facts.last_attempt);
  add_time(json, "retry_until", facts.retry_until);
  add_text(json, "remote_host", facts.remote_host);
  add_text(json, "remote_address", facts.remote_address);
  add_text(json, "provider", facts.provider);
  add_text(json, "provider_name", facts.provider_name);
  add_text(json, "block_list", facts.block_list);
  add_text(json, "lookup", facts.lookup);
  add_text(json, "refused_address", facts.refused_address);
  add_text(json, "refused_sender", facts.refused_sender);
  add_text(json, "new_address", facts.new_address);
  add_text(json, "mechanism", facts.mechanism);
  add_text(json, "meant_address", facts.meant_address);
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

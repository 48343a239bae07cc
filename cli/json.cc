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

Json reply_json(const RecipientDiagnosis& recipient) {
  Json json = Json::object();
  json["status"] = recipient.status ? to_string(*recipient.status) : "";
  json["reply"] = recipient.reply.text;
  json["outcome"] = id_of(recipient.outcome);
  json["cause"] = id_of(recipient.cause);
  json["side"] = id_of(recipient.side);
  json["who"] = id_of(recipient.actor);
  json["confidence"] = id_of(recipient.confidence);
  json["evidence"] = to_string(recipient.evidence);
  json["facts"] = facts_json(recipient.facts);
  return json;
}

Json recipient_json(const RecipientDiagnosis& recipient) {
  Json json = Json::object();
  json["address"] = recipient.final_recipient;
  json["action"] = id_of(recipient.action);
  json.update(reply_json(recipient));
  return json;
}

std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plainbounce

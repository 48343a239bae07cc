#include "lib/report/prose/sending_event.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/report/prose/failed_address.h"
#include "lib/report/status_field.h"

namespace plainbounce {
namespace {

using nlohmann::json;

// The first object in the text, to its closing brace; empty: it begins with something else.
std::string_view first_object(std::string_view text) {
  text = trim(text).substr(0, kMaxEvent);
  if (!text.starts_with('{')) return {};
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return text.substr(0, i + 1);
    }
  }
  return {};
}

// Mail servers break lines that are too long, some with "!" in front; JSON itself needs none.
std::string without_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '!' && text.substr(i + 1).starts_with("\n ")) {
      i += 2;
    } else if (text[i] != '\n' && text[i] != '\r') {
      out += text[i];
    }
  }
  return out;
}

json parse(std::string_view text) {
  json object = json::parse(without_line_ends(first_object(text)), nullptr, false);
  return object.is_object() ? object : json::object();
}

std::string string_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? valid_utf8(found->get<std::string>())
                                                     : std::string();
}

// One kind of event: where its recipients stand, and what became of them.
struct EventForm {
  std::string_view type;
  const char* object;
  const char* recipients;
  Action action;
};
constexpr std::array<EventForm, 3> kForms = {{
    {"Bounce", "bounce", "bouncedRecipients", Action::kFailed},
    {"DeliveryDelay", "deliveryDelay", "delayedRecipients", Action::kDelayed},
    {"Delivery", "delivery", "recipients", Action::kDelivered},
}};

// An address alone, or an object with what is known of it.
RecipientReport read_recipient(const json& entry, Action action) {
  RecipientReport recipient;
  recipient.action = action;
  if (entry.is_string()) {
    recipient.final_recipient = decode_recipient(valid_utf8(entry.get<std::string>()));
  } else if (entry.is_object()) {
    recipient.final_recipient = decode_recipient(string_at(entry, "emailAddress"));
    recipient.status_text = string_at(entry, "status");
    recipient.status = find_enhanced_status(recipient.status_text);
    TypedValue diagnostic = split_type(string_at(entry, "diagnosticCode"));
    recipient.diagnostic_type = std::move(diagnostic.type);
    recipient.diagnostic = std::move(diagnostic.value);
  }
  return recipient;
}

std::vector<RecipientReport> read_event(const json& event, const EventForm& form) {
  std::vector<RecipientReport> recipients;
  const auto object = event.find(form.object);
  if (object == event.end() || !object->is_object()) return recipients;
  const auto list = object->find(form.recipients);
  if (list == object->end() || !list->is_array()) return recipients;
  for (const json& entry : *list) {
    RecipientReport recipient = read_recipient(entry, form.action);
    if (recipient.final_recipient.empty() || recipients.size() == kMaxFailedAddresses) continue;
    if (recipient.diagnostic.empty()) recipient.diagnostic = string_at(*object, "smtpResponse");
    if (recipient.diagnostic.empty()) recipient.passage = string_at(*object, "bounceSubType");
    recipients.push_back(std::move(recipient));
  }
  return recipients;
}

}  // namespace

std::vector<RecipientReport> read_sending_event(std::string_view text) {
  json event = parse(text);
  if (const std::string wrapped = string_at(event, "Message"); !wrapped.empty()) {
    event = parse(wrapped);
  }
  std::string type = string_at(event, "notificationType");
  if (type.empty()) type = string_at(event, "eventType");
  for (const EventForm& form : kForms) {
    if (type == form.type) return read_event(event, form);
  }
  return {};
}

}  // namespace plainbounce

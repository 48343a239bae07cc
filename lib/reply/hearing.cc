#include "lib/reply/hearing.h"

#include "lib/reply/pasted_text.h"

namespace plainbounce {
namespace {

// The codes that say nothing but success or failure (RFC 3463 X.0.0).
bool says_something(const EnhancedStatus& status) {
  return status.subject != 0 || status.detail != 0;
}

// Fills what `reply` leaves open.
void complete(Reply& reply, const Reply& other) {
  if (reply.code == 0 && !reply.status) {
    reply.code = other.code;
    reply.status = other.status;
  }
  if (reply.stage == Stage::kUnknown) reply.stage = other.stage;
  if (reply.host.empty()) reply.host = other.host;
  if (reply.host_address.empty()) reply.host_address = other.host_address;
}

}  // namespace

Hearing hear(std::span<const Reply> replies, const StatusField& field) {
  Hearing hearing;
  hearing.texts.reserve(replies.size() + 1);
  for (const Reply& reply : replies) {
    if (hearing.texts.empty()) {
      hearing.reply = reply;
    } else {
      complete(hearing.reply, reply);
    }
    hearing.texts.emplace_back(reply);
  }
  if (!field.comment.empty()) hearing.texts.emplace_back(field.comment);
  const auto& own = hearing.reply.status;
  hearing.status = own && says_something(*own) ? own : field.status;
  return hearing;
}

Hearing hear_pasted(std::string_view text) {
  const Reply reply = parse_reply(decode_pasted(text));
  return hear(std::span(&reply, reply.text.empty() ? 0 : 1), {});
}

}  // namespace plainbounce

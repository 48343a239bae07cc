#include "lib/reply/reply.h"

#include "lib/base/ascii.h"
#include "lib/base/charset.h"
#include "lib/base/text.h"
#include "lib/reply/reply_origin.h"
#include "lib/reply/reply_scan.h"

namespace plainbounce {
namespace {

// White space collapses, so that more bytes than kMaxReplyText may be of use.
constexpr std::size_t kMaxInput = 8 * kMaxReplyText;

// A diagnostic type that was left in front (RFC 3464 section 2.3.6).
std::string_view without_type(std::string_view text) {
  const std::size_t semicolon = text.substr(0, 40).find(';');
  if (semicolon == std::string_view::npos) return text;
  const std::string type = ascii_lower(trim(text.substr(0, semicolon)));
  const bool known =
      type == "smtp" || (type.starts_with("x-") && type.find(' ') == std::string::npos);
  return known ? trim(text.substr(semicolon + 1)) : text;
}

}  // namespace

int class_of(int code, const std::optional<EnhancedStatus>& status) {
  if (code != 0) return code / 100;
  return status ? status->status_class : 0;
}

Reply parse_reply(std::string_view text) {
  Reply reply;
  const std::string collapsed = collapse_space(utf8_or_latin1(trim(text).substr(0, kMaxInput)));
  // The cut may leave a blank at the end.
  reply.text = trim(cut_utf8(without_type(collapsed), kMaxReplyText));
  const auto place = find_reply_code(reply.text);
  if (place) reply.code = place->code;
  reply.status = find_reply_status(reply.text, place);
  const std::size_t offset = place ? place->offset : reply.text.size();
  reply.stage = find_stage(reply.text, offset);
  ReplyHost host = find_host(reply.text, offset);
  reply.host = std::move(host.name);
  reply.host_address = std::move(host.address);
  return reply;
}

}  // namespace plainbounce

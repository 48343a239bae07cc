#include "lib/reply/reply.h"

#include <utility>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/charset.h"
#include "lib/base/text.h"
#include "lib/reply/reply_layers.h"
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

// The innermost layer's own; where it has none, those of the layer around it. Returns where the
// innermost layer's code stands, or its length.
std::size_t read_codes(const std::vector<ReplyLayer>& layers, Reply& reply) {
  std::size_t offset = layers.back().text.size();
  for (std::size_t i = layers.size(); i > 0; --i) {
    const ReplyLayer& layer = layers[i - 1];
    const auto place = find_reply_code(layer.text);
    if (place && i == layers.size()) offset = place->offset;
    reply.code = place ? place->code : 0;
    if (reply.code == 0 && !layer.code.empty()) reply.code = std::stoi(layer.code);
    reply.status = find_reply_status(layer.text, place);
    if (reply.code != 0 || reply.status) break;
  }
  return offset;
}

Stage stage_in(const std::vector<ReplyLayer>& layers) {
  for (std::size_t i = layers.size(); i > 0; --i) {
    const ReplyLayer& layer = layers[i - 1];
    const Stage stage = stage_of_command(layer.command);
    if (stage != Stage::kUnknown) return stage;
  }
  return Stage::kUnknown;
}

ReplyHost host_in(const std::vector<ReplyLayer>& layers) {
  for (std::size_t i = layers.size(); i > 0; --i) {
    const ReplyLayer& layer = layers[i - 1];
    ReplyHost host{layer.host, layer.address};
    if (host.name.starts_with('[') && host.name.ends_with(']')) {
      host.address = host.name.substr(1, host.name.size() - 2);
      host.name.clear();
    }
    host.name = std::string(without_root(host.name));
    // "[private/lmtp]", a socket.
    if (host.address.find_first_not_of("0123456789abcdefABCDEF.:") != std::string::npos) {
      host.address.clear();
    }
    if (host.name.empty()) host.name = host.address;
    if (!host.name.empty()) return host;
  }
  return {};
}

}  // namespace

int class_of(int code, const std::optional<EnhancedStatus>& status) {
  if (code != 0) return code / 100;
  return status ? status->status_class : 0;
}

int told_class(const Reply& reply) {
  return reply.status ? reply.status->status_class : reply.code / 100;
}

Reply parse_reply(std::string_view text) {
  Reply reply;
  const std::string collapsed = collapse_space(utf8_or_latin1(trim(text).substr(0, kMaxInput)));
  // The cut may leave a blank at the end.
  reply.text = trim(cut_utf8(without_type(collapsed), kMaxReplyText));
  std::vector<ReplyLayer> layers = read_layers(reply.text);
  const std::size_t offset = read_codes(layers, reply);
  reply.stage = stage_in(layers);
  if (reply.stage == Stage::kUnknown) reply.stage = find_stage(layers.back().text, offset);
  ReplyHost host = host_in(layers);
  if (host.name.empty()) host = find_host(layers.back().text, offset);
  reply.host = std::move(host.name);
  reply.host_address = std::move(host.address);
  reply.words = heard_layer(layers).text;
  return reply;
}

}  // namespace plainbounce

#include "lib/workshop/wording_shape.h"

#include <algorithm>
#include <string_view>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/base/words.h"
#include "lib/knowledge/known_words.h"
#include "lib/reply/reply_pieces.h"

namespace plainbounce {
namespace {

using Kind = ReplyPiece::Kind;

constexpr std::string_view kAnyWords = "*";
constexpr std::string_view kAnyNumber = "0";
constexpr std::string_view kAnyId = "x0000";

std::string_view stand_in(Kind kind) {
  switch (kind) {
    case Kind::kAddress:
      return "x@x.invalid";
    case Kind::kHost:
      return "x.invalid";
    case Kind::kIp:
      return "0.0.0.0";
    case Kind::kLink:
      return "https://x.invalid/";
    case Kind::kNumber:
      return kAnyNumber;
    case Kind::kId:
    case Kind::kWord:
    case Kind::kMark:
      break;
  }
  return kAnyId;
}

// "550", "5.1.1", "550-5.1.1": what the record of the message has, too.
bool is_code_of(std::string_view text, const Reply& reply) {
  const std::string code = std::to_string(reply.code);
  const std::string status = reply.status ? to_string(*reply.status) : std::string();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('-'), text.size());
    const std::string_view part = text.substr(0, end);
    if (part.empty() || (part != code && part != status)) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

// One "*" stands for neighbours with nothing but a blank between them, too.
void add_any_words(std::string& shape) {
  if (shape.ends_with("* ")) {
    shape.pop_back();
  } else if (!shape.ends_with('*')) {
    shape += kAnyWords;
  }
}

void add_part(const TextPart& part, std::string& shape) {
  switch (part.kind) {
    case TextPart::Kind::kMark:
      shape += part.text;
      break;
    case TextPart::Kind::kWord:
      if (is_known_word(part.text)) {
        shape += part.text;
      } else {
        add_any_words(shape);
      }
      break;
    case TextPart::Kind::kNumber:
      shape += is_known_word(part.text) ? part.text : kAnyId;
      break;
    case TextPart::Kind::kOther:
      add_any_words(shape);
      break;
  }
}

void add_words(std::string_view text, std::string& shape) {
  for (const TextPart& part : text_parts(text)) add_part(part, shape);
}

}  // namespace

std::string wording_shape(const Reply& reply) {
  const std::string text = valid_utf8(reply.text);
  std::string shape;
  for (const ReplyPiece& piece : split_reply(text)) {
    const bool has_digit = std::any_of(piece.text.begin(), piece.text.end(), is_digit);
    const bool is_words = piece.kind == Kind::kWord || piece.kind == Kind::kMark ||
                          (piece.kind == Kind::kId && !has_digit);
    if (is_words) {
      add_words(piece.text, shape);
    } else if (is_code_of(piece.text, reply)) {
      shape += piece.text;
    } else {
      shape += stand_in(piece.kind);
    }
  }
  return shape;
}

}  // namespace plainbounce

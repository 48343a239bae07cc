#include "lib/splice/text_place.h"

#include <optional>

#include "lib/base/ascii.h"
#include "lib/mail/entity.h"
#include "lib/report/first_part.h"

namespace plainbounce {
namespace {

constexpr int kMaxDepth = 4;

std::optional<TransferEncoding> transfer_encoding(const Header& header) {
  const std::string name = ascii_lower(trim(header.value("Content-Transfer-Encoding")));
  if (name.empty() || name == "7bit") return TransferEncoding::k7Bit;
  if (name == "8bit" || name == "binary") return TransferEncoding::k8Bit;
  if (name == "quoted-printable") return TransferEncoding::kQuotedPrintable;
  if (name == "base64") return TransferEncoding::kBase64;
  return std::nullopt;
}

// Why readers may read the header differently.
Doubt doubt_about(const Header& header) {
  if (header.broken) return Doubt::kHeaderBroken;
  if (header.too_long) return Doubt::kManyFields;
  if (header.length > kMaxNotification) return Doubt::kHeaderTooLong;
  if (header.count("Content-Type") > 1) return Doubt::kTypeRepeated;
  if (header.count("Content-Transfer-Encoding") > 1) return Doubt::kEncodingRepeated;
  return Doubt::kNone;
}

// text/plain by its own word, or for want of any (RFC 2045 section 5.2).
bool is_plain_text(const Entity& entity) {
  return entity.type.name == "text/plain" &&
         (!entity.header.has("Content-Type") ||
          !decode_media_type(entity.header.value("Content-Type")).name.empty());
}

TextPlace no_place(Doubt doubt) { return {.doubt = doubt}; }

TextPlace place_in(std::string_view message, const Entity& entity,
                   std::vector<std::string> boundaries) {
  if (const Doubt doubt = doubt_about(entity.header); doubt != Doubt::kNone) return no_place(doubt);
  const auto encoding = transfer_encoding(entity.header);
  if (!encoding) return no_place(Doubt::kEncodingUnknown);
  if (trim(entity.content).empty()) return no_place(Doubt::kTextEmpty);
  TextPlace place;
  place.offset = static_cast<std::size_t>(entity.content.data() - message.data());
  place.encoding = *encoding;
  place.charset = ascii_lower(trim(entity.type.charset));
  if (place.charset.empty()) place.charset = "us-ascii";
  place.boundaries = std::move(boundaries);
  return place;
}

// The first text/plain leaf that text can be put into; else the doubt about the first of them.
TextPlace find_leaf(std::string_view message, const Entity& entity, int depth,
                    const std::vector<std::string>& boundaries) {
  if (is_plain_text(entity)) return place_in(message, entity, boundaries);
  if (!entity.type.is_multipart() || depth == 0) return no_place(Doubt::kNoPlainText);
  if (const Doubt doubt = doubt_about(entity.header); doubt != Doubt::kNone) return no_place(doubt);
  std::vector<std::string> inner = boundaries;
  inner.push_back(entity.type.boundary);
  Doubt first_doubt = Doubt::kNoPlainText;
  for (const std::string_view part : split_multipart(entity.content, entity.type.boundary).parts) {
    TextPlace place = find_leaf(message, read_entity(part), depth - 1, inner);
    if (place.doubt == Doubt::kNone) return place;
    if (first_doubt == Doubt::kNoPlainText) first_doubt = place.doubt;
  }
  return no_place(first_doubt);
}

}  // namespace

TextPlace find_text_place(std::string_view message, const Report& report) {
  const Entity root = read_entity(message);
  if (const Doubt doubt = doubt_about(root.header); doubt != Doubt::kNone) return no_place(doubt);
  if (!root.type.is_multipart()) {
    return is_plain_text(root) ? place_in(message, root, {}) : no_place(Doubt::kNoPlainText);
  }
  // The reader has compared the first part's place with GMime's.
  const ByteRange& range = report.notification.range;
  if (range.length == 0) return no_place(report.notification.doubt);
  if (range.offset > message.size() || range.length > message.size() - range.offset) {
    return no_place(Doubt::kRangeOutside);
  }
  const Entity first = read_entity(message.substr(range.offset, range.length));
  return find_leaf(message, first, kMaxDepth, {root.type.boundary});
}

}  // namespace plainbounce

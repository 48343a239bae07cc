#include "lib/splice/text_place.h"

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

// Is the header read alike by everyone?
bool is_plain(const Header& header) {
  return !header.broken && !header.too_long && header.length <= kMaxNotification &&
         header.count("Content-Type") <= 1 && header.count("Content-Transfer-Encoding") <= 1;
}

// text/plain by its own word, or for want of any (RFC 2045 section 5.2).
bool is_plain_text(const Entity& entity) {
  return entity.type.name == "text/plain" &&
         (!entity.header.has("Content-Type") ||
          !decode_media_type(entity.header.value("Content-Type")).name.empty());
}

std::optional<TextPlace> place_in(std::string_view message, const Entity& entity,
                                  std::vector<std::string> boundaries) {
  const auto encoding = transfer_encoding(entity.header);
  if (!is_plain(entity.header) || !encoding || trim(entity.content).empty()) return std::nullopt;
  TextPlace place;
  place.offset = static_cast<std::size_t>(entity.content.data() - message.data());
  place.encoding = *encoding;
  place.charset = ascii_lower(trim(entity.type.charset));
  if (place.charset.empty()) place.charset = "us-ascii";
  place.boundaries = std::move(boundaries);
  return place;
}

// The first text/plain leaf.
std::optional<TextPlace> find_leaf(std::string_view message, const Entity& entity, int depth,
                                   const std::vector<std::string>& boundaries) {
  if (is_plain_text(entity)) return place_in(message, entity, boundaries);
  if (!entity.type.is_multipart() || depth == 0 || !is_plain(entity.header)) return std::nullopt;
  std::vector<std::string> inner = boundaries;
  inner.push_back(entity.type.boundary);
  for (const std::string_view part : split_multipart(entity.content, entity.type.boundary).parts) {
    if (auto place = find_leaf(message, read_entity(part), depth - 1, inner)) return place;
  }
  return std::nullopt;
}

}  // namespace

std::optional<TextPlace> find_text_place(std::string_view message, const Report& report) {
  const Entity root = read_entity(message);
  if (!is_plain(root.header)) return std::nullopt;
  if (!root.type.is_multipart()) {
    return is_plain_text(root) ? place_in(message, root, {}) : std::nullopt;
  }
  // The reader has compared the first part's place with GMime's.
  const ByteRange& range = report.notification.range;
  if (range.length == 0 || range.offset > message.size() ||
      range.length > message.size() - range.offset) {
    return std::nullopt;
  }
  const Entity first = read_entity(message.substr(range.offset, range.length));
  return find_leaf(message, first, kMaxDepth, {root.type.boundary});
}

}  // namespace plainbounce

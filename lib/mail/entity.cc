#include "lib/mail/entity.h"

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/base/charset.h"

namespace plainbounce {
namespace {

enum class Line { kOther, kDelimiter, kClosingDelimiter };

Line classify(std::string_view line, std::string_view boundary) {
  if (!line.starts_with("--")) return Line::kOther;
  line.remove_prefix(2);
  if (!line.starts_with(boundary)) return Line::kOther;
  line.remove_prefix(boundary.size());
  const bool closing = line.starts_with("--");
  if (closing) line.remove_prefix(2);
  const bool blank =
      std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t'; });
  if (!blank) return Line::kOther;
  return closing ? Line::kClosingDelimiter : Line::kDelimiter;
}

// The bytes from `begin` to the line end in front of the delimiter line at `end`.
std::string_view part_between(const char* begin, const char* end) {
  std::string_view part(begin, static_cast<std::size_t>(end - begin));
  if (part.empty()) return part;
  part.remove_suffix(1);
  if (!part.empty() && part.back() == '\r') part.remove_suffix(1);
  return part;
}

std::string with_lf_only(std::string text) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    text[kept++] = text[i];
  }
  text.resize(kept);
  return text;
}

}  // namespace

Entity read_entity(std::string_view bytes) {
  Entity entity;
  entity.bytes = bytes;
  entity.header = read_header(bytes);
  entity.content = bytes.substr(entity.header.length);
  entity.type = decode_media_type(entity.header.value("Content-Type"));
  if (entity.type.name.empty()) entity.type.name = "text/plain";
  return entity;
}

bool is_transfer_encoded(const Entity& entity) {
  const std::string name = ascii_lower(trim(entity.header.value("Content-Transfer-Encoding")));
  return name == "base64" || name == "quoted-printable";
}

PartList split_multipart(std::string_view content, std::string_view boundary) {
  PartList list;
  if (boundary.empty() || boundary.size() > kMaxBoundary) return list;
  const char* part_begin = nullptr;
  std::string_view rest = content;
  while (!rest.empty()) {
    const char* const line_begin = rest.data();
    const Line line = classify(take_line(rest), boundary);
    if (line == Line::kOther) continue;
    if (part_begin != nullptr) list.parts.push_back(part_between(part_begin, line_begin));
    list.closed = part_begin != nullptr;
    if (line == Line::kClosingDelimiter) return list;
    if (list.parts.size() == kMaxParts) {
      list.too_many = true;
      return list;
    }
    part_begin = rest.data();
  }
  if (part_begin == nullptr) return list;
  // Cut off: the last part has no delimiter after it.
  list.parts.emplace_back(part_begin,
                          static_cast<std::size_t>(content.data() + content.size() - part_begin));
  list.closed = false;
  return list;
}

std::string decode_content(const Entity& entity, std::size_t limit) {
  const std::string bytes = decode_transfer(entity.content.substr(0, limit),
                                            entity.header.value("Content-Transfer-Encoding"));
  return with_lf_only(decode_charset(bytes, entity.type.charset));
}

}  // namespace plainbounce

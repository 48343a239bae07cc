#include "lib/report/first_part.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "lib/base/ascii.h"
#include "lib/mail/gmime.h"
#include "lib/mail/html_text.h"
#include "lib/report/returned_message.h"

namespace plainbounce {
namespace {

// Levels of multiparts that are looked into for the text.
constexpr int kMaxLeafDepth = 4;

// The leaves of a first part that is a multipart itself (RFC 2046 section 5.1.4).
struct Leaves {
  std::optional<Entity> plain;  // the first text/plain
  std::optional<Entity> html;   // the first text/html
  bool strange = false;         // too deep, too many, or a message within
};

void find_leaves(const Entity& entity, int depth, Leaves& leaves) {
  if (entity.type.name == "text/plain") {
    if (!leaves.plain) leaves.plain = entity;
  } else if (entity.type.name == "text/html") {
    if (!leaves.html) leaves.html = entity;
  } else if (entity.type.name.starts_with("message/")) {
    leaves.strange = true;
  } else if (entity.type.is_multipart()) {
    const PartList list = split_multipart(entity.content, entity.type.boundary);
    if (depth == 0 || list.too_many || !list.closed) leaves.strange = true;
    if (depth == 0) return;
    for (const std::string_view part : list.parts)
      find_leaves(read_entity(part), depth - 1, leaves);
  }
}

std::string text_of(const Leaves& leaves) {
  if (leaves.plain) return decode_content(*leaves.plain, kMaxNotification);
  if (leaves.html) return html_to_text(decode_content(*leaves.html, kMaxNotification));
  return {};
}

struct Bounds {
  gint64 begin = -1;
  gint64 end = -1;
};

std::optional<Bounds> content_bounds(GMimeObject* object) {
  if (!GMIME_IS_PART(object)) return std::nullopt;
  GMimeDataWrapper* const content = g_mime_part_get_content(GMIME_PART(object));
  if (content == nullptr) return std::nullopt;
  const GMimeStream* const stream = g_mime_data_wrapper_get_stream(content);
  return Bounds{stream->bound_start, stream->bound_end};
}

// The first and the last leaf below an object.
std::optional<Bounds> leaf_bounds(GMimeObject* object) {
  GMimeObject* first = object;
  GMimeObject* last = object;
  while (GMIME_IS_MULTIPART(first)) first = g_mime_multipart_get_part(GMIME_MULTIPART(first), 0);
  while (GMIME_IS_MULTIPART(last)) {
    GMimeMultipart* const multipart = GMIME_MULTIPART(last);
    last = g_mime_multipart_get_part(multipart, g_mime_multipart_get_count(multipart) - 1);
  }
  if (first == nullptr || last == nullptr) return std::nullopt;
  const auto begin = content_bounds(first);
  const auto end = content_bounds(last);
  if (!begin || !end) return std::nullopt;
  return Bounds{begin->begin, end->end};
}

// Where GMime sees the first part's content in `bytes`, a message that is cut off after the
// delimiter line that follows that part.
std::optional<Bounds> ask_gmime(std::string_view bytes) {
  start_gmime();
  const GObjectOwner<GMimeStream> stream(
      g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const GObjectOwner<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
  g_mime_parser_set_persist_stream(parser.get(), TRUE);
  const GObjectOwner<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message) return std::nullopt;
  GMimeObject* const root = g_mime_message_get_mime_part(message.get());
  if (!GMIME_IS_MULTIPART(root)) return std::nullopt;
  GMimeMultipart* const multipart = GMIME_MULTIPART(root);
  if (g_mime_multipart_get_count(multipart) < 1) return std::nullopt;
  return leaf_bounds(g_mime_multipart_get_part(multipart, 0));
}

bool gmime_agrees(const Entity& root, const Entity& first) {
  std::string_view after(first.bytes.data() + first.bytes.size(),
                         static_cast<std::size_t>(root.bytes.data() + root.bytes.size() -
                                                  first.bytes.data() - first.bytes.size()));
  take_line(after);  // the line end that belongs to the delimiter
  take_line(after);  // the delimiter
  const auto bounds =
      ask_gmime(root.bytes.substr(0, static_cast<std::size_t>(after.data() - root.bytes.data())));
  if (!bounds) return false;
  const gint64 begin = first.content.data() - root.bytes.data();
  const gint64 end = begin + static_cast<gint64>(first.content.size());
  if (first.type.is_multipart()) return bounds->begin > begin && bounds->end < end;
  return bounds->begin == begin && bounds->end == end;
}

// Readers differ in which of several boundary parameters they take.
bool repeats_boundary(std::string_view content_type) {
  constexpr std::string_view kName = "boundary";
  const std::string lower = ascii_lower(content_type);
  int count = 0;
  for (std::size_t i = lower.find(kName); i != std::string::npos; i = lower.find(kName, i + 1)) {
    const std::string_view after = trim(std::string_view(lower).substr(i + kName.size()));
    const bool begins = i > 0 && (lower[i - 1] == ';' || is_blank(lower[i - 1]));
    if (begins && (after.starts_with('=') || after.starts_with('*'))) ++count;
  }
  return count > 1;
}

// Those that GMime parses with the message, where decode_mailboxes() can't see to its limits.
bool has_long_address_fields(const Header& header) {
  constexpr std::string_view kNames[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc"};
  std::size_t bytes = 0;
  std::size_t separators = 0;
  for (const HeaderField& field : header.fields) {
    const auto is_it = [&](std::string_view name) {
      return equals_ignoring_case(field.name, name);
    };
    if (std::none_of(std::begin(kNames), std::end(kNames), is_it)) continue;
    bytes += field.value.size();
    separators +=
        static_cast<std::size_t>(std::count_if(field.value.begin(), field.value.end(), [](char c) {
          return kAddressSeparators.find(c) != std::string_view::npos;
        }));
  }
  return bytes > kMaxAddressBytes || separators > max_separators(kMaxMailboxes);
}

// Why readers may see the whole message's structure differently.
Doubt find_doubt_about_message(const Entity& root) {
  if (root.header.broken) return Doubt::kHeaderBroken;
  if (root.header.too_long) return Doubt::kManyFields;
  if (root.header.length > kMaxNotification || has_long_address_fields(root.header)) {
    return Doubt::kHeaderTooLong;
  }
  if (root.header.count("Content-Type") != 1) return Doubt::kTypeRepeated;
  if (repeats_boundary(root.header.value("Content-Type"))) return Doubt::kBoundaryRepeated;
  if (is_transfer_encoded(root)) return Doubt::kMultipartEncoded;
  return Doubt::kNone;
}

// Some readers take a bare CR for a line end.
bool has_delimiter_after_cr(const Entity& root, const Entity& first) {
  const std::string_view before_end = root.bytes.substr(
      0, static_cast<std::size_t>(first.bytes.data() + first.bytes.size() - root.bytes.data()));
  return before_end.find("\r--" + root.type.boundary) != std::string_view::npos;
}

// Why the first part's place isn't certain.
Doubt find_doubt(const Entity& root, const PartList& parts, const Entity& first,
                 const Leaves& leaves) {
  if (parts.parts.empty()) return Doubt::kNoParts;
  if (const Doubt doubt = find_doubt_about_message(root); doubt != Doubt::kNone) return doubt;
  if (parts.parts.size() == 1 && !parts.closed) return Doubt::kUnclosed;
  if (first.bytes.empty()) return Doubt::kPartEmpty;
  if (first.header.broken) return Doubt::kPartHeaderBroken;
  if (first.header.count("Content-Type") > 1) return Doubt::kPartTypeRepeated;
  if (first.bytes.data() + first.bytes.size() - root.bytes.data() >
      static_cast<std::ptrdiff_t>(kMaxNotification)) {
    return Doubt::kPartTooLong;
  }
  if (first.type.boundary == root.type.boundary) return Doubt::kBoundaryTwice;
  if (has_delimiter_after_cr(root, first)) return Doubt::kDelimiterAfterCr;
  if (leaves.strange || (!leaves.plain && !leaves.html)) return Doubt::kPartNoText;
  if (!gmime_agrees(root, first)) return Doubt::kParsersDisagree;
  return Doubt::kNone;
}

}  // namespace

Notification read_first_part(const Entity& root, const PartList& parts) {
  const Entity first = parts.parts.empty() ? root : read_entity(parts.parts.front());
  Leaves leaves;
  find_leaves(first, kMaxLeafDepth, leaves);
  Notification notification;
  notification.text = text_of(leaves);
  notification.content_type = first.type.name;
  notification.content_description = decode_text(first.header.value("Content-Description"));
  notification.doubt = find_doubt(root, parts, first, leaves);
  if (notification.doubt != Doubt::kNone) return notification;
  notification.range = {static_cast<std::size_t>(first.bytes.data() - root.bytes.data()),
                        first.bytes.size()};
  return notification;
}

}  // namespace plainbounce

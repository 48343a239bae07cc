// A header field's raw value -> text, mailboxes, a date, a media type. The decoding is GMime's.
#ifndef PLAINBOUNCE_LIB_MAIL_FIELD_VALUE_H_
#define PLAINBOUNCE_LIB_MAIL_FIELD_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// A moment with the writer's own offset, so that it can be shown in the writer's local time.
struct Timestamp {
  std::int64_t unix_seconds = 0;
  int utc_offset_seconds = 0;

  bool operator==(const Timestamp&) const = default;
};

struct Mailbox {
  std::string name;     // decoded display name
  std::string address;  // addr-spec

  bool operator==(const Mailbox&) const = default;
};

// Content-Type (RFC 2045 section 5.1) with the parameters that a report needs.
struct MediaType {
  std::string name;         // "text/plain", lower case; empty: absent or unreadable
  std::string boundary;     // as written, without quotes
  std::string charset;      // as written
  std::string report_type;  // lower case (RFC 6522 section 3)

  bool is_multipart() const { return name.starts_with("multipart/"); }
};

// Values beyond this many bytes are cut before they are decoded.
inline constexpr std::size_t kMaxFieldValue = 65536;

// Unfolded, encoded words (RFC 2047) decoded, raw 8-bit text too; valid UTF-8.
std::string decode_text(std::string_view value);

// Unfolded and nothing else; valid UTF-8.
std::string unfold(std::string_view value);

// An address list (RFC 5322 section 3.4), groups flattened; at most `limit` mailboxes. A value that
// is no address list gives none. What stands behind max_separators(limit) commas, colons and
// semicolons isn't read: GMime takes time by the square of how deep groups are nested, and stack.
std::vector<Mailbox> decode_mailboxes(std::string_view value, std::size_t limit);

// Bytes of all address fields of one name that are read; the rest is cut.
inline constexpr std::size_t kMaxAddressBytes = kMaxFieldValue;

inline constexpr std::string_view kAddressSeparators = ",:;";

// Twice as many as mailboxes, for names such as "Doe, Jane", and some more.
inline constexpr std::size_t max_separators(std::size_t mailboxes) { return 2 * mailboxes + 64; }

// Nothing: no date in it that can be read. Comments are allowed for.
std::optional<Timestamp> decode_date(std::string_view value);

MediaType decode_media_type(std::string_view value);

// "<id@host>" -> "id@host"
std::string decode_message_id(std::string_view value);

// Content undone from its Content-Transfer-Encoding (RFC 2045 section 6): base64 and
// quoted-printable; anything else as it is. Bytes in the part's own charset.
std::string decode_transfer(std::string_view content, std::string_view encoding);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_FIELD_VALUE_H_

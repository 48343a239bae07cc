#include "lib/mail/field_value.h"

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/base/charset.h"
#include "lib/base/text.h"
#include "lib/mail/gmime.h"

namespace plainbounce {
namespace {

// What GMime's functions take: bounded, UTF-8, without NUL, on one line.
std::string for_gmime(std::string_view value) {
  std::string bounded(value.substr(0, kMaxFieldValue));
  std::replace(bounded.begin(), bounded.end(), '\0', ' ');
  return collapse_space(utf8_or_latin1(bounded));
}

std::string from_gmime(const char* text) {
  return text == nullptr ? std::string() : valid_utf8(text);
}

void add_mailboxes(InternetAddressList* list, std::size_t limit, int depth,
                   std::vector<Mailbox>& out) {
  const int count = internet_address_list_length(list);
  for (int i = 0; i < count && out.size() < limit; ++i) {
    InternetAddress* const address = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_MAILBOX(address)) {
      out.push_back(
          {collapse_space(from_gmime(internet_address_get_name(address))),
           from_gmime(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)))});
    } else if (INTERNET_ADDRESS_IS_GROUP(address) && depth > 0) {
      add_mailboxes(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)), limit,
                    depth - 1, out);
    }
  }
}

// Wherever they stand: what is taken for quoted here GMime may not take for it.
std::string_view before_separator(std::string_view value, std::size_t number) {
  for (std::size_t at = 0;; ++at) {
    at = value.find_first_of(kAddressSeparators, at);
    if (at == std::string_view::npos) return value;
    if (number-- == 0) return value.substr(0, at);
  }
}

std::string parameter(GMimeContentType* type, const char* name) {
  return from_gmime(g_mime_content_type_get_parameter(type, name));
}

}  // namespace

std::string decode_text(std::string_view value) {
  start_gmime();
  const GStringOwner decoded(g_mime_utils_header_decode_text(nullptr, for_gmime(value).c_str()));
  return collapse_space(from_gmime(decoded.get()));
}

std::string unfold(std::string_view value) {
  return collapse_space(utf8_or_latin1(value.substr(0, kMaxFieldValue)));
}

std::vector<Mailbox> decode_mailboxes(std::string_view value, std::size_t limit) {
  start_gmime();
  const std::string_view sound = before_separator(value, max_separators(limit));
  std::vector<Mailbox> mailboxes;
  const GObjectOwner<InternetAddressList> list(
      internet_address_list_parse(nullptr, for_gmime(sound).c_str()));
  if (list) add_mailboxes(list.get(), limit, 1, mailboxes);
  return mailboxes;
}

std::optional<Timestamp> decode_date(std::string_view value) {
  start_gmime();
  GDateTime* const date = g_mime_utils_header_decode_date(for_gmime(value.substr(0, 200)).c_str());
  if (date == nullptr) return std::nullopt;
  const Timestamp timestamp{
      g_date_time_to_unix(date),
      static_cast<int>(g_date_time_get_utc_offset(date) / G_TIME_SPAN_SECOND)};
  g_date_time_unref(date);
  return timestamp;
}

MediaType decode_media_type(std::string_view value) {
  start_gmime();
  MediaType media_type;
  const std::string text = for_gmime(value);
  // GMime takes an unreadable value for application/octet-stream.
  if (text.find('/') == std::string::npos) return media_type;
  const GObjectOwner<GMimeContentType> type(g_mime_content_type_parse(nullptr, text.c_str()));
  if (!type) return media_type;
  const GStringOwner name(g_mime_content_type_get_mime_type(type.get()));
  media_type.name = ascii_lower(from_gmime(name.get()));
  media_type.boundary = parameter(type.get(), "boundary");
  media_type.charset = parameter(type.get(), "charset");
  media_type.report_type = ascii_lower(parameter(type.get(), "report-type"));
  return media_type;
}

std::string decode_message_id(std::string_view value) {
  std::string text = unfold(value);
  const std::size_t open = text.find('<');
  if (open == std::string::npos) return text;
  const std::size_t close = text.find('>', open);
  if (close == std::string::npos) return text.substr(open + 1);
  return text.substr(open + 1, close - open - 1);
}

std::string decode_transfer(std::string_view content, std::string_view encoding) {
  start_gmime();
  const std::string name = ascii_lower(trim(encoding));
  if (name != "base64" && name != "quoted-printable") return std::string(content);
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, g_mime_content_encoding_from_string(name.c_str()));
  std::string out(g_mime_encoding_outlen(&state, content.size()), '\0');
  out.resize(g_mime_encoding_flush(&state, content.data(), content.size(), out.data()));
  return out;
}

}  // namespace plainbounce

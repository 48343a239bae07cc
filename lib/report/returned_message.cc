#include "lib/report/returned_message.h"

#include <algorithm>
#include <initializer_list>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/address.h"
#include "lib/report/status_field.h"

namespace plainbounce {
namespace {

// Bytes of a transfer-encoded part that are decoded for its header.
constexpr std::size_t kMaxEncodedHeader = std::size_t{1} << 20;

bool is_headers_only(const MediaType& type) {
  return type.name == "text/rfc822-headers" || type.name == "message/global-headers";
}

std::vector<Mailbox> mailboxes(const Header& header, std::string_view name) {
  std::vector<Mailbox> all;
  std::size_t left = kMaxAddressBytes;
  for (const HeaderField& field : header.fields) {
    if (all.size() == kMaxMailboxes || left == 0) break;
    if (!equals_ignoring_case(field.name, name)) continue;
    const std::string_view value = field.value.substr(0, left);
    left -= value.size();
    for (Mailbox& mailbox : decode_mailboxes(value, kMaxMailboxes - all.size())) {
      all.push_back(std::move(mailbox));
    }
  }
  return all;
}

// The charset of the first encoded word, "=?charset*language?B?text?=" (RFC 2231 section 5).
std::string encoded_word_charset(std::string_view value) {
  const std::size_t begin = value.find("=?");
  if (begin == std::string_view::npos) return {};
  value.remove_prefix(begin + 2);
  const std::size_t end = value.find_first_of("?* \t\r\n");
  if (end == std::string_view::npos || end > 40 || value[end] == ' ') return {};
  return ascii_lower(valid_utf8(value.substr(0, end)));
}

std::string first_received_id(const Header& header, std::string_view host) {
  for (const HeaderField& field : header.fields) {
    if (equals_ignoring_case(field.name, "Received")) return queue_id_of(unfold(field.value), host);
  }
  return {};
}

// The word after `keyword` in "from a by b id c"; empty: none.
std::string_view word_after(std::string_view text, std::string_view keyword) {
  const std::size_t found = text.find(keyword);
  if (found == std::string_view::npos) return {};
  text.remove_prefix(found + keyword.size());
  return text.substr(0, text.find_first_of(" ;"));
}

std::string word_of(const Header& header, std::string_view name) {
  return ascii_lower(trim(header.value(name)));
}

bool has_any(const Header& header, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return !header.value(name).empty(); });
}

// RFC 3834 section 5, and what programs wrote before it. An extension of its keyword is automatic,
// too (section 5.2).
bool is_automatic(const std::string& auto_submitted) {
  return !auto_submitted.empty() &&
         auto_submitted.substr(0, auto_submitted.find_first_of(" \t;(")) != "no";
}

bool is_automatic_reply(const Header& header, const std::string& auto_submitted,
                        const std::string& precedence) {
  // Exchange calls its out-of-office replies auto-generated, which they aren't.
  const bool answers = is_automatic(auto_submitted) && has_any(header, {"In-Reply-To"});
  return auto_submitted.starts_with("auto-replied") || precedence == "auto_reply" ||
         has_any(header, {"X-Autoreply", "X-Autorespond"}) || answers;
}

Writer writer_of(const Header& header) {
  const std::string auto_submitted = word_of(header, "Auto-Submitted");
  const std::string precedence = word_of(header, "Precedence");
  if (auto_submitted.starts_with("auto-replied")) return Writer::kAutomatic;
  // What a list passes on keeps the fields of what it was.
  const bool by_list = has_any(header, {"List-Id", "List-Post", "List-Unsubscribe"});
  if (by_list || precedence == "list") return Writer::kList;
  if (is_automatic_reply(header, auto_submitted, precedence)) return Writer::kAutomatic;
  if (is_automatic(auto_submitted)) return Writer::kProgram;
  return precedence == "bulk" || precedence == "junk" ? Writer::kList : Writer::kPerson;
}

void read_header_fields(const Header& header, ReturnedMessage& message) {
  message.subject = decode_text(header.value("Subject"));
  message.date = decode_date(header.value("Date"));
  message.from = mailboxes(header, "From");
  message.to = mailboxes(header, "To");
  message.cc = mailboxes(header, "Cc");
  message.message_id = decode_message_id(header.value("Message-ID"));
  message.accept_language = unfold(header.value("Accept-Language"));
  message.content_language = unfold(header.value("Content-Language"));
  message.writer = writer_of(header);
  message.header_charset = encoded_word_charset(header.value("Subject"));
}

}  // namespace

bool is_returned_message(const MediaType& type) {
  return type.name == "message/rfc822" || type.name == "message/global" || is_headers_only(type);
}

ReturnedHeader read_returned_message(const Entity& part, bool whole,
                                     std::string_view reporting_mta) {
  ReturnedHeader returned;
  ReturnedMessage& message = returned.message;
  message.present = true;
  message.headers_only = is_headers_only(part.type);
  std::string decoded;
  std::string_view bytes = part.content;
  if (is_transfer_encoded(part)) {
    decoded = decode_transfer(bytes.substr(0, kMaxEncodedHeader),
                              part.header.value("Content-Transfer-Encoding"));
    bytes = decoded;
  }
  const Header header = read_header(bytes);
  read_header_fields(header, message);
  const bool decoded_in_part =
      bytes.data() == decoded.data() && part.content.size() > kMaxEncodedHeader;
  if (whole && !message.headers_only && !decoded_in_part) message.size = bytes.size();
  returned.return_path = decode_recipient(header.value("Return-Path"));
  returned.queue_id = first_received_id(header, reporting_mta);
  return returned;
}

std::string queue_id_of(std::string_view received, std::string_view host) {
  const std::string_view by = word_after(received, "by ");
  if (host.empty() || !is_same_domain(by, host)) return {};
  const std::string_view id = word_after(received.substr(0, received.rfind(';')), " id ");
  const bool sound =
      std::all_of(id.begin(), id.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
  return sound ? std::string(id) : std::string();
}

}  // namespace plainbounce

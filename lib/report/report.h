// What one message says, before any interpretation. Made by read_report() (read.h).
//
// Strings are valid UTF-8 unless a field says otherwise, but untrusted: whoever wrote the message
// chose them. An empty string means absent. RFC 3464 is the source for the delivery-status fields,
// RFC 6533 for their internationalised forms.
#ifndef PLAINBOUNCE_LIB_REPORT_REPORT_H_
#define PLAINBOUNCE_LIB_REPORT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/enum_ids.h"
#include "lib/mail/field_value.h"
#include "lib/reply/enhanced_status.h"
#include "lib/reply/reply.h"
#include "lib/report/doubt.h"

namespace plainbounce {

// Part of the message, in bytes from its start.
struct ByteRange {
  std::size_t offset = 0;
  std::size_t length = 0;

  bool operator==(const ByteRange&) const = default;
};

enum class MessageKind {
  kReport,       // has a delivery-status part with something in it (RFC 3464)
  kOtherBounce,  // tells of a failed delivery in another form
  kNotABounce,
};
template <>
inline constexpr auto kIds<MessageKind> = ids_to<MessageKind::kNotABounce>("report", "other-bounce",
                                                                           "not-a-bounce");

// RFC 3464 section 2.3.3, and the two that Postfix adds for `sendmail -bv`.
enum class Action {
  kNone,  // absent or unknown
  kFailed,
  kDelayed,
  kDelivered,
  kRelayed,
  kExpanded,
  kDeliverable,
  kUndeliverable,
};
// As they stand in the field Action.
template <>
inline constexpr auto kIds<Action> = ids_to<Action::kUndeliverable>("", "failed", "delayed",
                                                                    "delivered", "relayed",
                                                                    "expanded", "deliverable",
                                                                    "undeliverable");

// One per-recipient block of the delivery-status part (RFC 3464 section 2.3).
struct RecipientReport {
  std::string final_recipient;     // without "rfc822;" or "utf-8;", xtext and utf-8-addr decoded
  std::string original_recipient;  // likewise
  std::string actual_recipient;    // X-Actual-Recipient (Sendmail)
  Action action = Action::kNone;
  std::string action_text;                    // as written
  std::optional<EnhancedStatus> status;       // section 2.3.4
  std::string status_text;                    // as written, with any comment
  std::string remote_mta;                     // section 2.3.5, without "dns;", comment, final dot
  std::string remote_mta_address;             // the IP address that stands there; empty: none
  std::string diagnostic_type;                // "smtp", "x-postfix", ...; lower case
  std::string diagnostic;                     // section 2.3.6, unfolded, without the type
  std::optional<Timestamp> last_attempt;      // section 2.3.7
  std::string final_log_id;                   // section 2.3.8
  std::optional<Timestamp> will_retry_until;  // section 2.3.9

  // What the human-readable part says of this recipient: Postfix' "<address>: ..." paragraph,
  // Exim's indented lines, Sendmail's reason and transcript. Without the address that it begins
  // with; white space collapsed.
  std::string passage;

  // What servers said, in order of trust: the replies in `diagnostic` and `passage`. None is empty,
  // and none there twice. Read when all else is known (recipient_replies.h).
  std::vector<Reply> replies;
};

// What wrote the message that was sent, as its header says (RFC 3834, RFC 2369, RFC 2919).
enum class Writer {
  kPerson,     // nothing says otherwise
  kAutomatic,  // a program, in reply to another message, as for holidays
  kProgram,    // a program, of its own accord
  kList,       // a mailing list passed it on, or it went to many
};
template <>
inline constexpr auto kIds<Writer> = ids_to<Writer::kList>("person", "automatic", "program",
                                                           "list");

// What is known of the message that was sent, from the third part's header. Its body isn't read.
struct ReturnedMessage {
  bool present = false;
  bool headers_only = false;  // text/rfc822-headers or message/global-headers
  std::string subject;
  std::optional<Timestamp> date;
  std::vector<Mailbox> from;
  std::vector<Mailbox> to;
  std::vector<Mailbox> cc;
  std::string message_id;        // without angle brackets
  std::string accept_language;   // RFC 3282, as written
  std::string content_language;  // likewise
  std::string header_charset;    // of the first encoded word in Subject, lower case
  Writer writer = Writer::kPerson;
  std::optional<std::uint64_t>
      size;  // bytes, where the report tells (the whole is returned, or a field)

  bool operator==(const ReturnedMessage&) const = default;
};

// The first, human-readable part (RFC 6522 section 3).
struct Notification {
  ByteRange range;  // header and body: from after the delimiter line to before the line end that
                    // belongs to the next delimiter (RFC 2046 section 5.1.1); length 0: its place
                    // isn't certain, and `doubt` says why
  Doubt doubt = Doubt::kNone;
  std::string text;  // decoded, lines end LF; the text/plain alternative where there are several,
                     // HTML alone as the text in it; a message without parts: its own text, cut at
                     // kMaxNotification (first_part.h)
  std::string content_type;  // of the part, lower case: "text/plain"
  std::string content_description;
};

// The top-level header field that marks a message as rewritten.
inline constexpr const char* kMarkName = "X-Plainbounce";

// Report::signature of a clear-signed text (RFC 9580 section 7).
inline constexpr const char* kPgpText = "pgp-text";

// The whole message.
struct Report {
  MessageKind kind = MessageKind::kNotABounce;

  // Is the outermost part multipart/report; report-type=delivery-status (RFC 6522), with a
  // delivery-status part in it? Only such a message is ever rewritten.
  bool is_delivery_report = false;
  std::string content_type;  // outermost, lower case
  std::string report_type;   // lower case
  std::string boundary;
  bool crlf = false;         // the message's body lines end CRLF
  bool is_event = false;     // a sending service's notice in JSON, which only programs read
  Doubt cut = Doubt::kNone;  // why it wasn't read whole, so that recipients may be missing

  // Top-level header.
  Mailbox from;
  std::vector<Mailbox> to;
  std::string subject;  // decoded
  std::optional<Timestamp> date;
  std::string message_id;      // without angle brackets
  std::string auto_submitted;  // RFC 3834, comment included
  std::string return_path;     // address without brackets; see has_return_path
  bool has_return_path = false;
  bool has_mark = false;  // bears X-Plainbounce: we have been here
  // What an edit would break: the header field's name ("DKIM-Signature", "ARC-Seal"), the media
  // type of S/MIME or PGP ("multipart/signed"), or kPgpText; empty: it isn't signed.
  std::string signature;

  // Per-message fields (RFC 3464 section 2.2).
  std::string original_envelope_id;
  std::string reporting_mta;  // without "dns;"
  std::string received_from_mta;
  std::optional<Timestamp> arrival_date;
  bool by_postfix = false;      // has fields of its own
  std::string queue_id;         // X-Postfix-Queue-ID, or Sendmail's and Exim's from the text
  std::string original_sender;  // X-Postfix-Sender or the returned Return-Path

  std::vector<RecipientReport> recipients;  // in the order of the message
  Notification notification;
  ReturnedMessage returned;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_REPORT_H_

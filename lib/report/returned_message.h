// The part with the returned message or its headers -> what is known of the message that was sent.
#ifndef PLAINBOUNCE_LIB_REPORT_RETURNED_MESSAGE_H_
#define PLAINBOUNCE_LIB_REPORT_RETURNED_MESSAGE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/mail/entity.h"
#include "lib/report/report.h"

namespace plainbounce {

// Mailboxes kept of each address field.
inline constexpr std::size_t kMaxMailboxes = 1000;

// message/rfc822, message/global, text/rfc822-headers or message/global-headers (RFC 6522, 6533)?
bool is_returned_message(const MediaType& type);

// What one pass over the returned header gives.
struct ReturnedHeader {
  ReturnedMessage message;
  std::string return_path;  // the first Return-Path, without brackets
  std::string queue_id;     // under which the reporting MTA took the message; empty: not certain
};

// `whole`: the part ends at a delimiter line; a part that was cut off tells no size.
// `reporting_mta`: whose Received field gives the queue ID.
ReturnedHeader read_returned_message(const Entity& part, bool whole,
                                     std::string_view reporting_mta);

// "from a by mx.example.com (Postfix) id 4F2A1; date" -> "4F2A1", if it is mx.example.com's own.
std::string queue_id_of(std::string_view received, std::string_view host);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_RETURNED_MESSAGE_H_

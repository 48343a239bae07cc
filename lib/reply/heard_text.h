// A reply's text -> the text that the rules' patterns are matched against.
#ifndef PLAINBOUNCE_LIB_REPLY_HEARD_TEXT_H_
#define PLAINBOUNCE_LIB_REPLY_HEARD_TEXT_H_

#include <string>
#include <string_view>

namespace plainbounce {

// Takes out the codes that stand before each further line of a reply, which tear sentences apart:
// "550-5.7.1 not RFC 5322 550-5.7.1 compliant." -> "550-5.7.1 not RFC 5322 compliant.". The first
// code stays. `text` is UTF-8 with white space collapsed.
std::string join_reply_lines(std::string_view text);

// Puts "x" for the local part of every address, which is no wording of the server's: "spam@" or
// "no-such-user@" says nothing about the cause.
std::string mask_local_parts(std::string_view text);

// Takes out what the sending server had said itself, since "MAIL FROM" or "HELO" there names no
// cause: Postfix' "(in reply to RCPT TO command)", Sendmail's ">>> DATA <<< 550 ..." and Exim's
// "SMTP error from remote mail server after RCPT TO:<a@example.com>: 550 ...".
std::string drop_commands(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_HEARD_TEXT_H_

// A row of the code tables -> sentences about it.
#ifndef PLAINBOUNCE_LIB_EXPLAIN_CODE_MEANING_H_
#define PLAINBOUNCE_LIB_EXPLAIN_CODE_MEANING_H_

#include <string>

#include "lib/knowledge/knowledge.h"
#include "lib/notice/speaker.h"

namespace plainbounce {

// "550 (RFC 5321): Mailbox unavailable. ..."
std::string say_meaning(const ReplyCodeEntry& row, const Speaker& speaker);

// "5.7.26 at Google (Gmail): ...". `code`: as it shall be written, "5.1.1" for a row "X.1.1".
std::string say_meaning(const StatusCodeEntry& row, const std::string& code,
                        const Knowledge& knowledge, const Speaker& speaker);

// That `code` means nothing to anybody.
std::string say_unknown(const std::string& code, const Speaker& speaker);

// What cause the code suggests, and how far that may be believed.
std::string say_cause(const ReplyCodeEntry& row, const Speaker& speaker);
std::string say_cause(const StatusCodeEntry& row, const Speaker& speaker);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_EXPLAIN_CODE_MEANING_H_

// One server's reply as it stands in a diagnostic: text -> codes, stage, host, wording.
#ifndef PLAINBOUNCE_LIB_REPLY_REPLY_H_
#define PLAINBOUNCE_LIB_REPLY_REPLY_H_

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/enum_ids.h"
#include "lib/reply/enhanced_status.h"

namespace plainbounce {

// The SMTP command that the reply answered.
enum class Stage {
  kUnknown,
  kConnect,  // the greeting, or no connection at all
  kHelo,
  kStartTls,
  kAuth,
  kMail,
  kRcpt,
  kData,       // the DATA command itself
  kEndOfData,  // the final dot (or BDAT LAST): the content was seen
};
// As rules name them; none for kUnknown.
template <>
inline constexpr auto kIds<Stage> = ids_to<Stage::kEndOfData>("", "connect", "helo", "starttls",
                                                              "auth", "mail", "rcpt", "data",
                                                              "end-of-data");

// What one server said. Untrusted text throughout.
struct Reply {
  int code = 0;  // RFC 5321 section 4.2, 100 to 599 and a few beyond; 0: none
  std::optional<EnhancedStatus> status;  // RFC 2034, as written in the reply
  std::string text;                      // the whole, codes included; UTF-8, white space collapsed
  std::string words;                     // the innermost server's part of it (reply_layers.h)
  Stage stage = Stage::kUnknown;
  std::string host;          // who said it ("host X said:", "while talking to X"); empty: unknown
  std::string host_address;  // its IP address as text, without brackets; empty: unknown

  bool operator==(const Reply&) const = default;
};

// Reads a Diagnostic-Code's text, a line of a transcript, or what somebody pasted from a log.
// Total: any bytes give a Reply; what can't be read stays empty. Takes the innermost reply where
// one is quoted within another ("host X said: 450 ..."); text beyond `kMaxReplyText` bytes is cut.
Reply parse_reply(std::string_view text);

inline constexpr std::size_t kMaxReplyText = 8192;

// 2 to 5: the class of a reply, as its code says, else its enhanced code; 0: it has neither.
int class_of(int code, const std::optional<EnhancedStatus>& status);

// Whether it lasts (5) or passes (4), as the reply itself says; 0: it doesn't. Where its two codes
// differ the enhanced one is the more exact: "450 5.7.1".
int told_class(const Reply& reply);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_REPLY_H_

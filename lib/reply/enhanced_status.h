// An enhanced status code (RFC 3463): "5.1.1" <-> three numbers.
#ifndef PLAINBOUNCE_LIB_REPLY_ENHANCED_STATUS_H_
#define PLAINBOUNCE_LIB_REPLY_ENHANCED_STATUS_H_

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace plainbounce {

// class.subject.detail (RFC 3463 section 2). Nothing is said about whether IANA knows the code.
struct EnhancedStatus {
  int status_class = 0;  // 2 success, 4 persistent transient failure, 5 permanent failure
  int subject = 0;       // 0 to 999
  int detail = 0;        // 0 to 999

  auto operator<=>(const EnhancedStatus&) const = default;
};

// "5.1.1"
std::string to_string(const EnhancedStatus& status);

// Reads a code that is the whole of `text`. Nothing: not class 2, 4 or 5, or not three numbers.
std::optional<EnhancedStatus> parse_enhanced_status(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_ENHANCED_STATUS_H_

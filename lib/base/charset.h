// Bytes in any charset -> UTF-8, and back.
#ifndef PLAINBOUNCE_LIB_BASE_CHARSET_H_
#define PLAINBOUNCE_LIB_BASE_CHARSET_H_

#include <optional>
#include <string>
#include <string_view>

namespace plainbounce {

// UTF-8 sequences as they are; any other byte is taken for Latin-1. For text without a label, and
// for what servers mix into labelled text.
std::string utf8_or_latin1(std::string_view bytes);

// `charset` is a MIME name (RFC 2978), ASCII case ignored. Unknown, absent, UTF-8 and US-ASCII:
// utf8_or_latin1(). Valid UTF-8 in any case; what has no meaning in the charset becomes U+FFFD.
std::string decode_charset(std::string_view bytes, std::string_view charset);

// UTF-8 text in a charset in which ASCII is ASCII, as it is used in mail. Nothing: the charset is
// none of those that are known to be so, or it lacks a character of the text.
std::optional<std::string> encode_charset(std::string_view text, std::string_view charset);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_CHARSET_H_

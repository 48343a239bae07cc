// What somebody pasted from a mail's source -> the text that it shows.
#ifndef PLAINBOUNCE_LIB_REPLY_PASTED_TEXT_H_
#define PLAINBOUNCE_LIB_REPLY_PASTED_TEXT_H_

#include <string>
#include <string_view>

namespace plainbounce {

// Undoes encoded words (RFC 2047), and quoted-printable (RFC 2045 section 6.7) in each block of
// lines that can be nothing else: every "=" in it begins a code or ends a line, and one of the
// codes is no chance ("=C3=BC", "=3D", "Empf=E4nger"; not "size=20"). All else stays as it is.
// Bytes that aren't UTF-8 may come out. Total and linear.
std::string decode_pasted(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_PASTED_TEXT_H_

// Text -> the 7-bit forms that mail needs: quoted-printable bodies and encoded header values.
#ifndef PLAINBOUNCE_LIB_SPLICE_MIME_ENCODE_H_
#define PLAINBOUNCE_LIB_SPLICE_MIME_ENCODE_H_

#include <string>
#include <string_view>

namespace plainbounce {

// RFC 2045 section 6.7. Lines of at most 76 characters, ended by LF as in `text`; none starts with
// "--", so that whatever the text says, none is a delimiter of a multipart.
std::string quoted_printable(std::string_view text);

// An unstructured header value (RFC 5322 section 2.2.1) for the field `name`: encoded words (RFC
// 2047) where needed, folded with "\n " so that no line passes 78 characters, as far as words
// allow. `text` is UTF-8; control characters become blanks, so that nothing can start a header of
// its own.
std::string encode_unstructured(std::string_view name, std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_SPLICE_MIME_ENCODE_H_

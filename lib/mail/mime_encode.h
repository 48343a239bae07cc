// Text -> the 7-bit forms that mail needs: quoted-printable bodies and encoded header values.
#ifndef PLAINBOUNCE_LIB_MAIL_MIME_ENCODE_H_
#define PLAINBOUNCE_LIB_MAIL_MIME_ENCODE_H_

#include <string>
#include <string_view>

namespace plainbounce {

// RFC 2045 section 6.7. Lines of at most 76 characters, ended by LF as in `text`. Whatever the text
// says, none starts with "--" and `boundary`, that of the multipart around it (RFC 2046 section
// 5.1.1). Other dashes stay as they are: bounce parsers that don't decode look for them.
std::string quoted_printable(std::string_view text, std::string_view boundary);

// RFC 2045 section 6.8, in lines of at most 76 characters that end LF, the last one too.
std::string base64(std::string_view bytes);

// An unstructured header value (RFC 5322 section 2.2.1) for the field `name`: encoded words (RFC
// 2047) where needed, folded with "\n " so that no line passes 78 characters, as far as words
// allow. `text` is UTF-8; control characters become blanks, so that nothing can start a header of
// its own.
std::string encode_unstructured(std::string_view name, std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_MAIL_MIME_ENCODE_H_

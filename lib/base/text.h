// Untrusted bytes -> clean UTF-8 text.
#ifndef PLAINBOUNCE_LIB_BASE_TEXT_H_
#define PLAINBOUNCE_LIB_BASE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plainbounce {

// Valid UTF-8 as it is; otherwise each byte that isn't part of a valid sequence becomes U+FFFD.
std::string valid_utf8(std::string_view bytes);

// Is one of its characters a control, of C0, C1 or DEL? `text` is UTF-8.
bool has_control(std::string_view text);

// A surrogate, or a number beyond U+10FFFF, becomes U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

// The start of `text`, at most `limit` bytes and no part of a UTF-8 sequence.
std::string_view cut_utf8(std::string_view text, std::size_t limit);

// The same for texts that differ in nothing but case and presentation: full-width letters, no-break
// and narrow blanks (Unicode's NFKC_Casefold). Bytes that aren't UTF-8 become U+FFFD.
std::string fold_utf8(std::string_view text);

// A host's name without the dot of the DNS root at its end: "mx.example.com.".
std::string_view without_root(std::string_view host);

// Runs of blanks, tabs and line ends become one blank; none at the ends. Unfolds header values.
std::string collapse_space(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_TEXT_H_

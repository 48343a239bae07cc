#include "lib/mail/mime_encode.h"

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/gmime.h"

namespace plainbounce {
namespace {

// Appends one line of quoted-printable text, whose first "-" is encoded where `delimiter` begins
// it; continued on another line where that makes it too long.
void append_line(std::string_view line, std::string_view delimiter, std::string& out) {
  constexpr std::size_t kMaxLine = 76;
  constexpr std::string_view kEncodedDash = "=2D";
  while (line.starts_with(delimiter)) {
    out += kEncodedDash;
    line.remove_prefix(1);
    if (kEncodedDash.size() + line.size() <= kMaxLine) break;
    // A line that is too long by now is cut after the dash, the one place that splits no "=XX".
    out += "=\n";
  }
  out += line;
}

// Quoted-printable text in which no line begins with `delimiter`.
std::string without_delimiter(std::string_view text, std::string_view delimiter) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    append_line(text.substr(0, end), delimiter, out);
    if (end == std::string_view::npos) break;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::string quoted_printable(std::string_view text, std::string_view boundary) {
  start_gmime();
  GMimeEncoding state;
  g_mime_encoding_init_encode(&state, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  std::string out(g_mime_encoding_outlen(&state, text.size()), '\0');
  out.resize(g_mime_encoding_flush(&state, text.data(), text.size(), out.data()));
  return without_delimiter(out, "--" + std::string(boundary));
}

std::string base64(std::string_view bytes) {
  start_gmime();
  GMimeEncoding state;
  g_mime_encoding_init_encode(&state, GMIME_CONTENT_ENCODING_BASE64);
  std::string out(g_mime_encoding_outlen(&state, bytes.size()), '\0');
  out.resize(g_mime_encoding_flush(&state, bytes.data(), bytes.size(), out.data()));
  if (!out.empty() && !out.ends_with('\n')) out += '\n';
  return out;
}

std::string encode_unstructured(std::string_view name, std::string_view text) {
  start_gmime();
  std::string line = valid_utf8(text);
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  const GStringOwner encoded(
      g_mime_utils_header_encode_text(nullptr, collapse_space(line).c_str(), "utf-8"));
  const std::string field = std::string(name) + ": " + encoded.get() + "\n";
  const GStringOwner folded(g_mime_utils_unstructured_header_fold(nullptr, nullptr, field.c_str()));
  std::string_view value = folded.get();
  value.remove_prefix(std::min(value.size(), value.find(':') + 1));
  std::string out(trim(value));
  // The continuation of a folded line may begin with a tab or a blank: one form is enough.
  std::replace(out.begin(), out.end(), '\t', ' ');
  return out;
}

}  // namespace plainbounce

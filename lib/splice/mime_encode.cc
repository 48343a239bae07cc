#include "lib/splice/mime_encode.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "lib/report/text.h"

namespace plainbounce {
namespace {

struct GlibFree {
  void operator()(char* text) const { g_free(text); }
};
using GlibString = std::unique_ptr<char, GlibFree>;

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

}  // namespace

std::string quoted_printable(std::string_view text) {
  GMimeEncoding state;
  g_mime_encoding_init_encode(&state, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  std::string out(g_mime_encoding_outlen(&state, text.size()), '\0');
  out.resize(g_mime_encoding_flush(&state, text.data(), text.size(), out.data()));
  return out;
}

std::string encode_unstructured(std::string_view name, std::string_view text) {
  static std::once_flag initialised;
  std::call_once(initialised, g_mime_init);
  std::string line = valid_utf8(text);
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  const GlibString encoded(
      g_mime_utils_header_encode_text(nullptr, collapse_space(line).c_str(), "utf-8"));
  const std::string field = std::string(name) + ": " + encoded.get() + "\n";
  const GlibString folded(g_mime_utils_unstructured_header_fold(nullptr, nullptr, field.c_str()));
  std::string_view value = folded.get();
  value.remove_prefix(std::min(value.size(), value.find(':') + 1));
  std::string out(trim(value));
  // The continuation of a folded line may begin with a tab or a blank: one form is enough.
  std::replace(out.begin(), out.end(), '\t', ' ');
  return out;
}

}  // namespace plainbounce

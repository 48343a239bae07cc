#include "lib/report/charset.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "lib/report/text.h"

namespace plainbounce {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

// ICU takes options and package names along with a charset's name; a MIME name has none of them.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == ':';
  });
}

bool is_utf8_or_ascii(std::string_view name) {
  return name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii";
}

}  // namespace

std::string utf8_or_latin1(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::int64_t>(bytes.size());
  for (std::int64_t i = 0; i < size;) {
    const std::int64_t start = i;
    UChar32 c = 0;
    U8_NEXT(data, i, size, c);
    if (c < 0) {
      // Latin-1 has only control characters below 0xA0.
      c = data[start] < 0xA0 ? 0xFFFD : data[start];
      i = start + 1;
    }
    append_utf8(out, static_cast<std::uint32_t>(c));
  }
  return out;
}

std::string decode_charset(std::string_view bytes, std::string_view charset) {
  const std::string name = ascii_lower(trim(charset));
  if (!is_plain_name(name) || is_utf8_or_ascii(name)) return utf8_or_latin1(bytes);
  UErrorCode error = U_ZERO_ERROR;
  const Converter converter(ucnv_open(name.c_str(), &error));
  if (U_FAILURE(error) || bytes.size() > INT32_MAX / 4) return utf8_or_latin1(bytes);
  icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(),
                          error);
  if (U_FAILURE(error) || text.isBogus()) return utf8_or_latin1(bytes);
  // What some converters put for a single byte without meaning.
  text.findAndReplace(icu::UnicodeString(UChar32{0x1A}), icu::UnicodeString(UChar32{0xFFFD}));
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace plainbounce

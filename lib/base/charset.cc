#include "lib/base/charset.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include "lib/base/ascii.h"
#include "lib/base/text.h"

namespace plainbounce {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

// ICU takes options and package names along with a charset's name; a MIME name has none of them.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_small_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':';
  });
}

bool is_utf8_or_ascii(std::string_view name) {
  return name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii";
}

// Charsets in which every ASCII byte is itself, wherever it stands.
bool is_ascii_superset(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kFamilies = {"iso-8859-", "windows-125", "koi8-",
                                                                "euc-", "us-ascii"};
  return is_utf8_or_ascii(name) || name == "gb2312" ||
         std::any_of(kFamilies.begin(), kFamilies.end(),
                     [&](std::string_view family) { return name.starts_with(family); });
}

// Nothing: the converter has no bytes for a character.
std::optional<std::string> convert(std::string_view text, const std::string& charset) {
  UErrorCode error = U_ZERO_ERROR;
  const Converter converter(ucnv_open(charset.c_str(), &error));
  if (U_FAILURE(error) || text.size() > INT32_MAX / 8) return std::nullopt;
  ucnv_setFromUCallBack(converter.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &error);
  const auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  std::string out(static_cast<std::size_t>(UCNV_GET_MAX_BYTES_FOR_STRING(
                      wide.length(), ucnv_getMaxCharSize(converter.get()))),
                  '\0');
  const std::int32_t length =
      ucnv_fromUChars(converter.get(), out.data(), static_cast<std::int32_t>(out.size()),
                      wide.getBuffer(), wide.length(), &error);
  if (U_FAILURE(error)) return std::nullopt;
  out.resize(static_cast<std::size_t>(length));
  return out;
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

std::optional<std::string> encode_charset(std::string_view text, std::string_view charset) {
  const std::string name = ascii_lower(trim(charset));
  // Between characters, ISO-2022 (RFC 1468) is in ASCII, and so is the start of the text.
  const bool ascii_between =
      name == "iso-2022-jp" || name == "gbk" || name == "gb18030" || name == "big5";
  if (!is_plain_name(name) || (!is_ascii_superset(name) && !ascii_between)) return std::nullopt;
  if (is_ascii(text) || name == "utf-8" || name == "utf8") return std::string(text);
  if (is_utf8_or_ascii(name) || ascii_between) return std::nullopt;
  return convert(text, name);
}

}  // namespace plainbounce

#include "lib/reply/pasted_text.h"

#include <re2/re2.h>

#include <cstddef>
#include <optional>

#include "lib/base/ascii.h"
#include "lib/mail/field_value.h"

namespace plainbounce {
namespace {

// One encoded word or several in a row: the white space between two isn't text (RFC 2047 section
// 6.2), nor need a character end where its word does.
const RE2& encoded_words() {
  static const RE2 kWords(
      R"((=\?[\w.+*-]+\?[bBqQ]\?[^?\n]*\?=(?:\s+=\?[\w.+*-]+\?[bBqQ]\?[^?\n]*\?=)*))");
  return kWords;
}

std::string decode_words(std::string_view text) {
  std::string out;
  re2::StringPiece rest(text.data(), text.size());
  re2::StringPiece words;
  while (true) {
    const char* const begin = rest.data();
    if (!RE2::FindAndConsume(&rest, encoded_words(), &words)) break;
    out.append(begin, words.data());
    out += decode_text({words.data(), words.size()});
  }
  out.append(rest.data(), rest.size());
  return out;
}

std::optional<int> hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (is_hex_digit(c)) return lower(c) - 'a' + 10;
  return std::nullopt;
}

// The byte of a code "=E4" that begins at `offset`.
std::optional<int> byte_at(std::string_view text, std::size_t offset) {
  if (offset + 2 >= text.size() || text[offset] != '=') return std::nullopt;
  const auto high = hex_value(text[offset + 1]);
  const auto low = hex_value(text[offset + 2]);
  return high && low ? std::optional(*high * 16 + *low) : std::nullopt;
}

// Blanks may have come behind the "=" on the way.
bool ends_line(std::string_view text, std::size_t offset) {
  const std::size_t next = text.find_first_not_of(" \t\r", offset + 1);
  return next == std::string_view::npos || text[next] == '\n';
}

// Is the byte coded at `offset` a letter of Latin-1 within a word ("Empf=E4nger", "=DCberlauf")?
bool is_latin_letter(std::string_view text, std::size_t offset, int byte) {
  const bool upper_case_code =
      !is_small_letter(text[offset + 1]) && !is_small_letter(text[offset + 2]);
  const char next = offset + 3 < text.size() ? text[offset + 3] : ' ';
  return byte >= 0xC0 && upper_case_code && (is_small_letter(next) || next == ' ' || next == '=');
}

// Can what stands at this "=" be nothing but quoted-printable?
bool is_telling(std::string_view text, std::size_t offset) {
  const auto byte = byte_at(text, offset);
  if (!byte) return text.find('\n', offset) != std::string_view::npos;  // a soft line break
  if (*byte == '=' || is_latin_letter(text, offset, *byte)) return true;
  const auto next = byte_at(text, offset + 3);
  return *byte >= 0xC2 && *byte < 0xF5 && next && *next >= 0x80 && *next < 0xC0;
}

bool is_quoted_printable(std::string_view block) {
  bool telling = false;
  for (std::size_t i = block.find('='); i != std::string_view::npos; i = block.find('=', i + 1)) {
    if (!byte_at(block, i) && !ends_line(block, i)) return false;
    telling = telling || is_telling(block, i);
  }
  return telling;
}

// Takes the lines up to the next empty one off the front of `text`, with that.
std::string_view take_block(std::string_view& text) {
  std::size_t end = text.find('\n');
  while (end != std::string_view::npos) {
    const std::size_t next = text.find('\n', end + 1);
    if (next == std::string_view::npos || trim(text.substr(end, next - end)).empty()) {
      end = next;
      break;
    }
    end = next;
  }
  const std::string_view block = text.substr(0, end == std::string_view::npos ? end : end + 1);
  text.remove_prefix(block.size());
  return block;
}

}  // namespace

std::string decode_pasted(std::string_view text) {
  if (text.find('=') == std::string_view::npos) return std::string(text);
  const std::string words = decode_words(text);
  std::string out;
  for (std::string_view rest = words; !rest.empty();) {
    const std::string_view block = take_block(rest);
    out += is_quoted_printable(block) ? decode_transfer(block, "quoted-printable")
                                      : std::string(block);
  }
  return out;
}

}  // namespace plainbounce

#include "lib/notice/display.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/address.h"

namespace plainbounce {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr int kMaxMarks = 4;  // combining marks in a row; real scripts need no more

void append_utf8(std::string& out, UChar32 c) {
  std::array<char, U8_MAX_LENGTH> buffer{};
  int32_t length = 0;
  U8_APPEND_UNSAFE(buffer.data(), length, c);
  out.append(buffer.data(), static_cast<std::size_t>(length));
}

bool is_mark(UChar32 c) { return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

// Does it show as nothing at all, or change how its neighbours are shown?
bool is_invisible(UChar32 c) {
  if ((U_GET_GC_MASK(c) & (U_GC_CF_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK | U_GC_CN_MASK |
                           U_GC_CO_MASK | U_GC_CS_MASK)) != 0) {
    return true;
  }
  return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

void append_visible(std::string& out, UChar32 c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
    fmt::format_to(std::back_inserter(out), "<0x{:02x}>", static_cast<unsigned>(c));
  } else if (is_invisible(c)) {
    fmt::format_to(std::back_inserter(out), "<U+{:04X}>", static_cast<unsigned>(c));
  } else {
    append_utf8(out, c);
  }
}

bool is_space(UChar32 c) { return c == ' ' || (c >= '\t' && c <= '\r') || u_isUWhiteSpace(c) != 0; }

}  // namespace

std::string visible(std::string_view text, std::size_t max_characters) {
  std::string result;
  // Megabytes of blanks or marks aren't worth reading: what could be shown stands in front.
  constexpr std::size_t kBytesPerCharacter = 16;
  const std::size_t enough = kBytesPerCharacter * max_characters;
  const char* bytes = text.data();
  const auto length = static_cast<int32_t>(std::min(text.size(), enough));
  std::size_t characters = 0;
  int marks = 0;
  bool pending_space = false;
  for (int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    if (c < 0) c = 0xFFFD;
    if (is_space(c)) {
      pending_space = !result.empty();
      continue;
    }
    marks = is_mark(c) ? marks + 1 : 0;
    if (marks > kMaxMarks) continue;
    if (characters + (pending_space ? 1 : 0) >= max_characters) {
      return result.append(kEllipsis);
    }
    if (pending_space) {
      result += ' ';
      ++characters;
      pending_space = false;
    }
    append_visible(result, c);
    ++characters;
  }
  if (text.size() > enough) result.append(kEllipsis);
  return result;
}

namespace {

// A blank behind each of these that stands before more: "http:" before "//", "www" before ".".
std::string broken_links(std::string_view line, bool addresses_too) {
  const std::string folded = ascii_lower(line);
  std::string result;
  for (std::size_t i = 0; i < line.size(); ++i) {
    result += line[i];
    const bool scheme = line[i] == ':' && folded.compare(i, 3, "://") == 0;
    const bool www =
        i >= 2 && i + 1 < line.size() && line[i + 1] == '.' && folded.compare(i - 2, 3, "www") == 0;
    const bool address =
        addresses_too && line[i] == '@' && i + 1 < line.size() && line[i + 1] != ' ';
    if (scheme || www || address) result += ' ';
  }
  return result;
}

// Turns the words around it round, whatever they are; the marks LRM and RLM only stand between.
bool overrides_direction(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) != 0 && c != 0x200E && c != 0x200F;
}

}  // namespace

std::string shown(std::string_view text, std::size_t max_characters) {
  return broken_links(visible(text, max_characters), false);
}

std::string without_links(std::string_view line) { return broken_links(line, true); }

std::string visible_lines(std::string_view text, std::size_t max_bytes) {
  std::string result;
  const auto length = static_cast<int32_t>(cut_utf8(text, max_bytes).size());
  for (int32_t i = 0; i < length && result.size() < max_bytes;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    if (c == '\r') {
      if (i == length || text[static_cast<std::size_t>(i)] != '\n') result += '\n';
    } else if (c == '\n' || c == '\t') {
      result += static_cast<char>(c);
    } else if (u_charType(c) == U_CONTROL_CHAR || overrides_direction(c) || c == 0x2028 ||
               c == 0x2029) {
      append_visible(result, c);
    } else {
      append_utf8(result, c < 0 ? 0xFFFD : c);
    }
  }
  return result;
}

std::string shorten(std::string_view text, std::size_t max_characters) {
  std::size_t characters = 0;
  std::size_t keep = 0;  // bytes of the first max_characters - 1 code points
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    ++characters;
    if (characters == max_characters) keep = i;
    if (characters > max_characters) return std::string(text.substr(0, keep)).append(kEllipsis);
  }
  return std::string(text);
}

namespace {

// With "…" in the middle, nearer to the beginning: the end of an address tells more.
std::string shorten_middle(std::string_view text, std::size_t max_characters) {
  std::vector<std::size_t> starts;  // of its code points
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  if (starts.size() <= max_characters) return std::string(text);
  const std::size_t front = max_characters / 3;
  const std::size_t rest = starts.size() - (max_characters - front - 1);
  return fmt::format("{}{}{}", text.substr(0, starts[front]), kEllipsis, text.substr(starts[rest]));
}

// RFC 5322's atext, dots, and RFC 6532's letters; of a domain literal the brackets and colons, too.
bool is_plain(std::string_view part, std::string_view others) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [&](char c) {
    return is_alphanumeric(c) || (c & 0x80) != 0 || others.find(c) != std::string_view::npos;
  });
}

std::string plain_local_part(std::string_view local) {
  return is_plain(local, ".!#$%&'*+-/=?^_`{|}~") ? std::string(local) : std::string(kEllipsis);
}

std::string plain_domain(std::string_view domain) {
  return is_plain(domain, ".-_[]:") ? std::string(domain) : std::string(kEllipsis);
}

}  // namespace

ShownAddress show_address(std::string_view address, std::size_t max_characters) {
  constexpr std::size_t kMaxAddress = 1000;  // bytes; RFC 5321 allows 254, UTF-8 takes more
  const auto show = [&](std::string_view text) {
    return shorten_middle(shown(text, kMaxAddress), max_characters);
  };
  if (address.empty()) return {};
  if (address.size() > kMaxAddress) return {std::string(kEllipsis), ""};
  const std::size_t at = address.rfind('@');
  const std::string local =
      at == std::string_view::npos ? "" : plain_local_part(address.substr(0, at)) + "@";
  const std::string domain =
      plain_domain(at == std::string_view::npos ? address : address.substr(at + 1));
  if (is_ascii(domain) && ascii_lower(domain).find("xn--") == std::string::npos) {
    return {show(local + domain), ""};
  }
  const std::string unicode = unicode_domain(domain).value_or(domain);
  const std::string ascii = ascii_domain(domain).value_or(domain);
  ShownAddress result{show(local + unicode), ""};
  if (ascii != unicode) result.ascii = show(local + ascii);
  return result;
}

bool has_right_to_left(std::string_view text) {
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    const UCharDirection direction = u_charDirection(c < 0 ? 0xFFFD : c);
    if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC) return true;
  }
  return false;
}

std::string isolated(std::string_view text) { return fmt::format("\u2068{}\u2069", text); }

std::string escape_remote(std::string_view text) {
  std::string result;
  const auto is_word = [](char c) { return is_letter(c) || static_cast<unsigned char>(c) >= 0x80; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      case ':':
        result += text.compare(i, 3, "://") == 0 ? "<b></b>:<b></b>" : ":";
        break;
      case '.':
        result += i + 1 < text.size() && is_word(text[i + 1]) ? "<b></b>." : ".";
        break;
      default:
        result += text[i];
    }
  }
  return result;
}

}  // namespace plainbounce

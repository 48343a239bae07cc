// Untrusted text -> text that can be shown: short, harmless, and what it looks like.
#ifndef PLAINBOUNCE_LIB_NOTICE_DISPLAY_H_
#define PLAINBOUNCE_LIB_NOTICE_DISPLAY_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace plainbounce {

// One line of valid UTF-8: white space becomes single blanks; control characters become "<0x1b>";
// what would be invisible or turn the direction of the text "<U+202E>"; no more than four combining
// marks in a row stay. At most `max_characters` characters of `text` are shown, with "…" after them
// where some were cut.
std::string visible(std::string_view text, std::size_t max_characters);

// The same for a place where no quote marks stand around it: mail programs would make links of
// "http://" and "www.", so a blank breaks them.
std::string shown(std::string_view text, std::size_t max_characters);

// A quoted line that text mail shows: a blank breaks what mail programs would make links of, which
// are "http://", "www." and the "@" of addresses. A blank can be seen, and is read out as nothing.
std::string without_links(std::string_view line);

// Text of several lines, at most `max_bytes` of it: as it is, but for "\r\n" and a lone "\r", which
// become "\n", and control characters and those that override the direction, which become visible.
std::string visible_lines(std::string_view text, std::size_t max_bytes);

// An address or host name. `ascii` differs from `text` where the domain isn't plain ASCII (or would
// be shown as such: xn--): then look-alikes can be told apart by it; otherwise it is empty.
// A local part or domain that isn't plain (RFC 5322's dot-atom, letters of any script among them)
// could be a sentence: it becomes "…". Longer ones than `max_characters` are shortened in the
// middle.
struct ShownAddress {
  std::string text;   // "anna@bücher.example"
  std::string ascii;  // "anna@xn--bcher-kva.example"
};
ShownAddress show_address(std::string_view address, std::size_t max_characters);

// `text` cut to `max_characters` code points, "…" included.
std::string shorten(std::string_view text, std::size_t max_characters);

// Does any letter run from right to left?
bool has_right_to_left(std::string_view text);

// `text` between first-strong isolate marks (U+2068, U+2069), so that it can't disorder a sentence
// of the other direction (UAX #9). Invisible, no columns wide.
std::string isolated(std::string_view text);

// For a reply inside HTML that mail programs must not make a link of: escaped, and with every
// "://", "www." and dot between letters split by an element.
std::string escape_remote(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_DISPLAY_H_

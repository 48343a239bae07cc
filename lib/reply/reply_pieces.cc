#include "lib/reply/reply_pieces.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <span>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

using Kind = ReplyPiece::Kind;
using Pieces = std::span<const ReplyPiece>;

constexpr std::string_view kDelimiters = " <>()[]{}\",;|";
constexpr std::string_view kEdgeMarks = ".:!?'*#-";
constexpr std::size_t kMaxPatternWords = 12;
constexpr std::size_t kMinSentenceWords = 3;
constexpr std::size_t kSlugWords = 3;
constexpr std::size_t kMinLocalPart = 3;  // shorter ones are words too often
constexpr std::size_t kMaxWord = 24;

bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool any_of(std::string_view text, bool (*test)(char)) {
  return std::any_of(text.begin(), text.end(), test);
}

bool is_ip(std::string_view text) {
  const auto dots = std::count(text.begin(), text.end(), '.');
  const auto colons = std::count(text.begin(), text.end(), ':');
  return (dots == 3 || colons >= 2) && std::all_of(text.begin(), text.end(), [](char c) {
           return is_hex_digit(c) || c == '.' || c == ':';
         });
}

bool is_host(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || text.size() - dot < 3) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dot) + 1, text.end(), is_letter) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; });
}

Kind classify(std::string_view text) {
  constexpr std::size_t kShort = 4;  // "IPv6", "TLS1"
  if (text.find("://") != std::string_view::npos || text.starts_with("www.")) return Kind::kLink;
  if (text.find('@') != std::string_view::npos) return Kind::kAddress;
  if (std::all_of(text.begin(), text.end(), is_digit)) return Kind::kNumber;
  if (is_ip(text)) return Kind::kIp;
  if (is_host(text)) return Kind::kHost;
  const bool odd = any_of(text, is_digit) && (text.size() > kShort || !any_of(text, is_letter));
  return odd || text.size() > kMaxWord ? Kind::kId : Kind::kWord;
}

void add_marks(std::string_view marks, std::vector<ReplyPiece>& pieces) {
  for (std::size_t i = 0; i < marks.size(); ++i) {
    pieces.push_back({Kind::kMark, marks.substr(i, 1)});
  }
}

// What stands between two delimiters.
void add_run(std::string_view run, std::vector<ReplyPiece>& pieces) {
  std::size_t begin = 0;
  std::size_t end = run.size();
  while (begin < end && is_one_of(run[begin], kEdgeMarks)) ++begin;
  while (end > begin && is_one_of(run[end - 1], kEdgeMarks)) --end;
  add_marks(run.substr(0, begin), pieces);
  const std::string_view core = run.substr(begin, end - begin);
  if (!core.empty()) pieces.push_back({classify(core), core});
  add_marks(run.substr(end), pieces);
}

bool is_mark(const ReplyPiece& piece, char c) {
  return piece.kind == Kind::kMark && piece.text.front() == c;
}

// How many pieces the first sentence has; a very short one takes the next along.
std::size_t sentence_length(Pieces pieces) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].kind == Kind::kWord && ++words >= kMaxPatternWords) return i + 1;
    const bool at_end = i + 1 == pieces.size() || is_mark(pieces[i + 1], ' ');
    const bool stop = is_mark(pieces[i], '.') || is_mark(pieces[i], ';') || is_mark(pieces[i], '!');
    if (stop && at_end && words >= kMinSentenceWords) return i;
  }
  return pieces.size();
}

// The pieces that say what happened: without codes in front, the server's name, the command.
Pieces telling(Pieces pieces) {
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    if (pieces[i].text == "said" && is_mark(pieces[i + 1], ':')) {
      pieces = pieces.subspan(i + 1);
      break;
    }
  }
  for (std::size_t i = 0; i + 4 < pieces.size(); ++i) {
    if (is_mark(pieces[i], '(') && pieces[i + 1].text == "in" && pieces[i + 3].text == "reply") {
      pieces = pieces.first(i);
      break;
    }
  }
  const auto is_word = [](const ReplyPiece& piece) { return piece.kind == Kind::kWord; };
  const auto first = std::find_if(pieces.begin(), pieces.end(), is_word);
  pieces = pieces.subspan(static_cast<std::size_t>(first - pieces.begin()));
  pieces = pieces.first(sentence_length(pieces));
  while (!pieces.empty() && !is_word(pieces.back())) pieces = pieces.first(pieces.size() - 1);
  return pieces;
}

// A quote mark may be typographic elsewhere, and could end the pattern's own quotes in the file.
// "*" is what the log has for words that it doesn't tell (workshop/wording_shape.h).
void append_escaped(std::string_view text, std::string& pattern) {
  constexpr std::string_view kAnyWords = ".{1,60}";
  for (const char c : text) {
    if (c == '*') {
      if (!pattern.ends_with(kAnyWords)) pattern += kAnyWords;
      continue;
    }
    if (c == '\'') {
      pattern += '.';
      continue;
    }
    if (is_one_of(c, R"(\.+?()|[]{}^$)")) pattern += '\\';
    pattern += c;
  }
}

void append_pattern(const ReplyPiece& piece, std::string& pattern) {
  switch (piece.kind) {
    case Kind::kWord:
    case Kind::kMark:
      append_escaped(piece.text, pattern);
      break;
    case Kind::kNumber:
      pattern += "\\d+";
      break;
    case Kind::kIp:
      pattern += "[\\da-f.:]+";
      break;
    case Kind::kAddress:
    case Kind::kHost:
    case Kind::kLink:
    case Kind::kId:
      pattern += "\\S+";
      break;
  }
}

// '"john smith"@example.com': quoted local parts are split at their blanks.
void forget_quoted_local_part(std::string& out) {
  if (!out.ends_with('"')) return;
  const std::size_t open = out.rfind('"', out.size() - 2);
  if (out.size() >= 2 && open != std::string::npos) out.replace(open, std::string::npos, "x");
}

void append_address(std::string_view address, std::string& out) {
  const std::size_t at = address.rfind('@');
  if (at == 0) forget_quoted_local_part(out);
  if (at > 0) out += 'x';
  out += address.substr(at);
}

void append_link(std::string_view link, std::string& out) {
  const std::size_t end = link.find_first_of("?#@%");
  out += link.substr(0, end);
  if (end != std::string_view::npos) out += "?x";
}

}  // namespace

std::vector<ReplyPiece> split_reply(std::string_view text) {
  std::vector<ReplyPiece> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kDelimiters), text.size());
    add_run(text.substr(0, end), pieces);
    if (end < text.size()) add_marks(text.substr(end, 1), pieces);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

std::string without_people(std::string_view text, std::string_view local_part) {
  std::string out;
  for (const ReplyPiece& piece : split_reply(text)) {
    const bool is_name = local_part.size() >= kMinLocalPart && piece.kind != Kind::kMark &&
                         equals_ignoring_case(piece.text, local_part);
    if (is_name) {
      out += 'x';
    } else if (piece.kind == Kind::kAddress) {
      append_address(piece.text, out);
    } else if (piece.kind == Kind::kLink) {
      append_link(piece.text, out);
    } else {
      out += piece.text;
    }
  }
  return out;
}

std::string reply_key(std::string_view text) {
  std::string key;
  for (const ReplyPiece& piece : split_reply(text)) {
    const bool fixed = piece.kind == Kind::kWord || piece.kind == Kind::kMark;
    key += fixed ? ascii_lower(piece.text) : "#";
  }
  return key;
}

std::string reply_pattern(std::string_view text) {
  const std::vector<ReplyPiece> pieces = split_reply(text);
  std::string pattern;
  for (const ReplyPiece& piece : telling(pieces)) append_pattern(piece, pattern);
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(false);
  const RE2 regex(pattern, options);
  if (!pattern.empty() && regex.ok() && RE2::PartialMatch(text, regex)) return pattern;
  pattern.clear();
  append_escaped(text, pattern);
  return pattern;
}

std::string reply_slug(std::string_view text) {
  const std::vector<ReplyPiece> pieces = split_reply(text);
  std::string slug;
  std::size_t words = 0;
  for (const ReplyPiece& piece : telling(pieces)) {
    if (piece.kind != Kind::kWord || !std::all_of(piece.text.begin(), piece.text.end(), is_letter))
      continue;
    slug += (slug.empty() ? "" : "-") + ascii_lower(piece.text);
    if (++words == kSlugWords) break;
  }
  return slug;
}

}  // namespace plainbounce

#include "lib/reply/heard_text.h"

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/reply/enhanced_status.h"

namespace plainbounce {
namespace {

bool starts_with_code(std::string_view word) {
  return word.size() >= 3 && (word[0] == '4' || word[0] == '5') && is_digit(word[1]) &&
         is_digit(word[2]);
}

std::string_view word_at(std::string_view text, std::size_t offset) {
  const std::size_t end = std::min(text.find(' ', offset), text.size());
  return text.substr(offset, end - offset);
}

bool is_status(std::string_view word) {
  while (!word.empty() && (word.front() == '#' || word.front() == '(')) word.remove_prefix(1);
  return parse_enhanced_status(word).has_value();
}

// Joins the lines of one reply, word by word.
class LineJoiner {
 public:
  explicit LineJoiner(std::string_view text) : text_(text) {}

  std::string join() {
    while (offset_ < text_.size()) {
      if (!skip_line_code()) take_word();
    }
    return std::move(out_);
  }

 private:
  // "550-5.7.1 ", "550-" before a word, and "550 5.7.1 " or "550 " before the last line of a reply
  // that had others: the same code again.
  bool skip_line_code() {
    const std::string_view word = word_at(text_, offset_);
    if (out_.empty() || !starts_with_code(word)) return false;
    const bool continued = word.size() > 3 && word[3] == '-';
    const bool last = word.size() == 3 && word == last_code_;
    if (!continued && !last) return false;
    last_code_ = word.substr(0, 3);
    offset_ = std::min(offset_ + 4, text_.size());
    const std::string_view next = word_at(text_, offset_);
    if (is_status(next)) offset_ = std::min(offset_ + next.size() + 1, text_.size());
    return true;
  }

  void take_word() {
    const std::string_view word = word_at(text_, offset_);
    if (starts_with_code(word) && word.size() > 3 && word[3] == '-') last_code_ = word.substr(0, 3);
    if (!out_.empty()) out_.push_back(' ');
    out_ += word;
    offset_ += word.size() + 1;
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  std::string_view last_code_;  // of a line that announced another: "550-"
  std::string out_;
};

bool is_local_part_char(char c) {
  const bool letter = is_letter(c);
  return letter || is_digit(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '=' ||
         c == '%' || c == '/';
}

// What begins with `mark` and ends before (or with) `end` is a command that was sent.
struct CommandFrame {
  std::string_view mark;
  std::string_view end;
  bool drop_end;
};
constexpr CommandFrame kCommandFrames[] = {
    {"(in reply to ", ")", true},
    {">>> ", "<<< ", true},
    {"error from remote mail server after ", ": ", false},
    {"error from remote mailer after ", ": ", false},
};

// Where the frame that begins at `offset` ends; npos: none begins there, or none ends.
std::size_t end_of_command(std::string_view text, std::size_t offset) {
  for (const CommandFrame& frame : kCommandFrames) {
    if (!text.substr(offset).starts_with(frame.mark)) continue;
    const std::size_t end = text.find(frame.end, offset + frame.mark.size());
    return end == std::string_view::npos || !frame.drop_end ? end : end + frame.end.size();
  }
  return std::string_view::npos;
}

// "host mx.example.com[192.0.2.1] said: 550 ..." -> "550 ...". The host is no client that the reply
// is about.
std::string_view without_speaker(std::string_view text) {
  constexpr std::string_view kSuspended = "delivery temporarily suspended: ";
  constexpr std::size_t kMaxSpeaker = 300;  // a domain name and an IP address
  std::string_view rest = text;
  if (rest.starts_with(kSuspended)) rest.remove_prefix(kSuspended.size());
  if (!rest.starts_with("host ")) return text;
  for (const std::string_view verb : {" said: ", " refused to talk to me: "}) {
    const std::size_t place = rest.substr(0, kMaxSpeaker).find(verb);
    if (place != std::string_view::npos) return rest.substr(place + verb.size());
  }
  const std::size_t place = rest.substr(0, kMaxSpeaker).find(" error from remote mail server ");
  return place == std::string_view::npos ? text : rest.substr(place + 1);
}

}  // namespace

std::string join_reply_lines(std::string_view text) { return LineJoiner(text).join(); }

std::string mask_local_parts(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t start = 0;  // of the characters that may turn out to be a local part, in `out`
  for (const char c : text) {
    if (c == '@' && start < out.size()) out.replace(start, std::string::npos, "x");
    out.push_back(c);
    if (!is_local_part_char(c)) start = out.size();
  }
  return out;
}

std::string drop_commands(std::string_view text) {
  text = without_speaker(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const bool may_begin = c == '(' || c == '>' || c == 'e';
    const std::size_t end = may_begin ? end_of_command(text, i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out.push_back(text[i++]);
    } else {
      i = end;
    }
  }
  return out;
}

}  // namespace plainbounce

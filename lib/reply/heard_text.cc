#include "lib/reply/heard_text.h"

#include <algorithm>
#include <iterator>

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
    out_.reserve(text_.size());
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
    if (end != std::string_view::npos) return frame.drop_end ? end + frame.end.size() : end;
  }
  return std::string_view::npos;
}

// Takes `mark` off the front, if it stands there.
bool take(std::string_view& text, std::string_view mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(mark.size());
  return true;
}

// Exim: "SMTP error from remote mail server after RCPT TO:<a@example.com>: "
bool take_exim_command(std::string_view& text) {
  std::string_view rest = text;
  take(rest, "SMTP ");
  if (!take(rest, "error from remote mail server after ") &&
      !take(rest, "error from remote mailer after ")) {
    return false;
  }
  const std::size_t end = rest.find(": ");
  if (end == std::string_view::npos) return false;
  text = rest.substr(end + 2);
  return true;
}

// What ends the name of who speaks. Of Exim's "host mx [192.0.2.1] SMTP error from remote mail
// server after EHLO x: " the second half is left.
struct SpeakerMark {
  std::string_view mark;
  std::size_t taken;  // bytes of it
  bool behind_exim_only;
};
constexpr SpeakerMark kSpeakerMarks[] = {{" said: ", 7, false},
                                         {" refused to talk to me: ", 24, false},
                                         {" SMTP error from remote mail", 1, false},
                                         {"]: ", 3, true}};

// "host mx.example.com[192.0.2.1] said: ", "host mx.example.com [192.0.2.1]: " where `behind_exim`.
bool take_speaker(std::string_view& text, bool behind_exim) {
  constexpr std::size_t kMaxSpeaker = 300;  // bytes of a domain name, an IP address and a mark
  std::string_view rest = text;
  if (!take(rest, "host ")) return false;
  std::string_view speaker = rest.substr(0, kMaxSpeaker);
  std::size_t taken = 0;
  for (const SpeakerMark& mark : kSpeakerMarks) {
    const std::size_t place = speaker.find(mark.mark);
    if (place == std::string_view::npos || (mark.behind_exim_only && !behind_exim)) continue;
    taken = place + mark.taken;
    speaker = speaker.substr(0, place + mark.mark.size() - 1);  // a later mark is another's
  }
  if (taken > 0) text = rest.substr(taken);
  return taken > 0;
}

// What the innermost server said: "host mx[192.0.2.1] said: 550 ..." -> "550 ...". The host is no
// client that the reply is about.
std::string_view without_speakers(std::string_view text) {
  std::string_view rest = text;
  take(rest, "delivery temporarily suspended: ");
  for (bool behind_exim = false;;) {
    if (take_exim_command(rest)) {
      behind_exim = true;
    } else if (take_speaker(rest, behind_exim)) {
      behind_exim = false;
    } else {
      return text;
    }
    text = rest;
  }
}

std::string without_commands(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const bool may_begin = text[i] == '(' || text[i] == '>' || text[i] == 'e';
    const std::size_t end = may_begin ? end_of_command(text, i) : std::string_view::npos;
    if (end != std::string_view::npos) {
      i = end;
      while (i < text.size() && text[i] == ' ' && (out.empty() || out.back() == ' ')) ++i;
    } else {
      out.push_back(text[i++]);
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

HeardText::HeardText(std::string_view text)
    : written_(LineJoiner(text).join()), said_(without_commands(without_speakers(written_))) {
  mask_local_parts();
}

void HeardText::mask_local_parts() {
  text_.reserve(said_.size());
  std::size_t start = 0;  // of the characters that may turn out to be a local part, in text_
  for (std::size_t i = 0; i < said_.size(); ++i) {
    const char c = said_[i];
    const std::size_t length = text_.size() - start;
    if (c == '@' && length > 0) {
      text_.replace(start, length, "x");
      masked_.push_back({start, i - length, length});
    }
    text_.push_back(c);
    if (!is_local_part_char(c)) start = text_.size();
  }
}

std::size_t HeardText::to_said(std::size_t offset) const {
  const auto next = std::partition_point(
      masked_.begin(), masked_.end(), [&](const MaskedPart& part) { return part.heard < offset; });
  if (next == masked_.begin()) return offset;
  const MaskedPart& part = *std::prev(next);
  return part.said + part.length + (offset - part.heard - 1);
}

std::string_view HeardText::said_at(std::size_t offset, std::size_t length) const {
  const std::size_t begin = to_said(offset);
  return std::string_view(said_).substr(begin, to_said(offset + length) - begin);
}

}  // namespace plainbounce

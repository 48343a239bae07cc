#include "lib/reply/heard_text.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/reply/enhanced_status.h"
#include "lib/reply/reply_layers.h"
#include "lib/reply/reply_pieces.h"

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

// What stands for one character of ASCII, where `text` begins with it.
struct PlainForm {
  std::size_t length;  // of what stands there
  char ascii;
};

// U+FF01 to U+FF5E, as East Asia writes beside its own letters: "：" -> ":".
std::optional<PlainForm> plain_form_of_wide(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xEF' || (text[1] != '\xBC' && text[1] != '\xBD')) {
    return std::nullopt;
  }
  const int ascii = (text[2] & 0x3F) + (text[1] == '\xBC' ? 0x20 : 0x60);
  if (ascii < '!' || ascii > '~') return std::nullopt;
  return PlainForm{3, static_cast<char>(ascii)};
}

std::optional<PlainForm> plain_form(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kForms[] = {
      {"\u2018", '\''}, {"\u2019", '\''}, {"\u201A", '\''}, {"\u201B", '\''}, {"\u02BC", '\''},
      {"\u2032", '\''}, {"\u2039", '\''}, {"\u203A", '\''}, {"\u00B4", '\''}, {"\u201C", '"'},
      {"\u201D", '"'},  {"\u201E", '"'},  {"\u201F", '"'},  {"\u2033", '"'},  {"\u00AB", '"'},
      {"\u00BB", '"'},  {"\u300C", '"'},  {"\u300D", '"'},  {"\u2010", '-'},  {"\u2011", '-'},
      {"\u2012", '-'},  {"\u2013", '-'},  {"\u2014", '-'},  {"\u2015", '-'},  {"\u2212", '-'},
      {"\u00A0", ' '},  {"\u2002", ' '},  {"\u2003", ' '},  {"\u2007", ' '},  {"\u2008", ' '},
      {"\u2009", ' '},  {"\u200A", ' '},  {"\u202F", ' '},  {"\u205F", ' '},  {"\u3000", ' '},
  };
  // What all of them begin with.
  if (std::string_view("\xC2\xCA\xE2\xE3\xEF").find(text.front()) == std::string_view::npos) {
    return std::nullopt;
  }
  for (const auto& [form, ascii] : kForms) {
    if (text.starts_with(form)) return PlainForm{form.size(), ascii};
  }
  return plain_form_of_wide(text);
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
    : HeardText(Innermost{heard_layer(read_layers(text)).text}) {}

HeardText::HeardText(const Reply& reply) : HeardText(Innermost{reply.words}) {}

HeardText::HeardText(Innermost innermost)
    : said_(without_commands(LineJoiner(innermost.words).join())) {
  make_text();
  mask_links();
}

// Its form stays: that there is a link or an address may mean something.
void HeardText::mask_links() {
  words_ = text_;
  if (text_.find("://") == std::string::npos && text_.find("www.") == std::string::npos &&
      text_.find('@') == std::string::npos) {
    return;
  }
  for (const ReplyPiece& piece : split_reply(text_)) {
    if (piece.kind != ReplyPiece::Kind::kLink && piece.kind != ReplyPiece::Kind::kAddress) continue;
    const auto begin = static_cast<std::size_t>(piece.text.data() - text_.data());
    const std::size_t mark = piece.text.find_first_of(":@");
    const std::size_t kept = mark == std::string_view::npos ? 0 : mark + 1;
    for (std::size_t at = begin + kept; at < begin + piece.text.size(); ++at) {
      if (is_alphanumeric(words_[at]) || (words_[at] & 0x80) != 0) words_[at] = 'x';
    }
  }
}

void HeardText::make_text() {
  text_.reserve(said_.size());
  std::size_t start = 0;  // of the characters that may turn out to be a local part, in text_
  for (std::size_t i = 0; i < said_.size();) {
    const char c = said_[i];
    if (c == ' ' && text_.ends_with(' ')) {
      replace({i, 1}, ' ');
      ++i;
      continue;
    }
    if (const auto plain = plain_form(std::string_view(said_).substr(i))) {
      replace({i, plain->length}, plain->ascii);
      start = text_.size();
      i += plain->length;
      continue;
    }
    if (c == '@') mask_local_part(start, i);
    text_.push_back(c);
    if (!is_local_part_char(c)) start = text_.size();
    ++i;
  }
}

// Blanks beside one another are one.
void HeardText::replace(Said said, char heard) {
  if (heard != ' ' || !text_.ends_with(' ')) {
    replaced_.push_back({text_.size(), said.offset, said.length});
    text_.push_back(heard);
  } else if (!replaced_.empty() && replaced_.back().heard == text_.size() - 1) {
    replaced_.back().length += said.length;
  } else {
    replaced_.push_back({text_.size() - 1, said.offset - 1, said.length + 1});
  }
}

// What stands in text_ from `start`, and ends in said_ before `end`.
void HeardText::mask_local_part(std::size_t start, std::size_t end) {
  const std::size_t length = text_.size() - start;
  if (length == 0) return;
  text_.replace(start, length, "x");
  replaced_.push_back({start, end - length, length});
}

bool HeardText::has_words() const {
  return std::any_of(text_.begin(), text_.end(),
                     [](char c) { return is_letter(c) || (c & 0x80) != 0; });
}

std::size_t HeardText::to_said(std::size_t offset) const {
  const auto next = std::partition_point(replaced_.begin(), replaced_.end(),
                                         [&](const Replaced& part) { return part.heard < offset; });
  if (next == replaced_.begin()) return offset;
  const Replaced& part = *std::prev(next);
  return part.said + part.length + (offset - part.heard - 1);
}

std::string_view HeardText::said_at(std::size_t offset, std::size_t length) const {
  const std::size_t begin = to_said(offset);
  return std::string_view(said_).substr(begin, to_said(offset + length) - begin);
}

}  // namespace plainbounce

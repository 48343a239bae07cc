#include "lib/reply/reply_scan.h"

#include <algorithm>
#include <array>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

char at(std::string_view text, std::size_t offset) {
  return offset < text.size() ? text[offset] : '\0';
}

// A number of three digits that nothing marks as part of something longer: an IP address, a date, a
// port, a word. 0: none at that place.
int three_digits(std::string_view text, std::size_t offset) {
  const std::string_view digits = text.substr(std::min(offset, text.size()), 3);
  if (digits.size() < 3 || !std::all_of(digits.begin(), digits.end(), is_digit)) return 0;
  const char next = at(text, offset + 3);
  if (is_alphanumeric(next) || next == '_' || next == '@' || next == '/') return 0;
  if (next == '.' && is_digit(at(text, offset + 4))) return 0;
  const int code = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
  return code >= 100 ? code : 0;
}

// A refusal's code, in a place where another number could stand as well.
int likely_code(std::string_view text, std::size_t offset) {
  const int code = three_digits(text, offset);
  const bool refusal = (code >= 400 && code < 600) && code / 10 % 10 <= 7;
  return refusal ? code : 0;
}

// Is the number at `offset` a quantity, "500 MB"?
bool is_quantity(std::string_view text, std::size_t offset) {
  static constexpr std::array<std::string_view, 12> kUnits = {
      "mb",      "kb",      "gb",    "mib",  "kib",        "bytes",
      "seconds", "minutes", "hours", "days", "recipients", "messages"};
  if (at(text, offset + 3) != ' ') return false;
  const std::string_view rest = text.substr(offset + 4);
  const std::string word =
      ascii_lower(rest.substr(0, std::min<std::size_t>(rest.find_first_of(" ,.;:)"), 12)));
  return std::find(kUnits.begin(), kUnits.end(), word) != kUnits.end();
}

// Passes over what may stand between a mark and the code.
std::size_t skip_opening(std::string_view text, std::size_t offset) {
  const std::size_t found = text.find_first_not_of(" '\"<([#", offset);
  return std::min(found, text.size());
}

// Marks that a server's quoted words follow.
constexpr std::array<std::string_view, 6> kQuotingMarks = {
    "said: ", "returned '", "returned: ", "refused to talk to me: ", "smtp;", "SMTP;"};

// The code after the last quoting mark: what was said last was said by the innermost server.
std::optional<CodePlace> after_quoting_mark(std::string_view text) {
  std::optional<CodePlace> last;
  for (const std::string_view mark : kQuotingMarks) {
    for (std::size_t i = text.rfind(mark); i != kNone;
         i = i == 0 ? kNone : text.rfind(mark, i - 1)) {
      const std::size_t offset = skip_opening(text, i + mark.size());
      const int code = three_digits(text, offset);
      if (code == 0) continue;
      if (!last || last->offset < offset) last = CodePlace{offset, code};
      break;
    }
  }
  return last;
}

// The first refusal that follows `mark`, from `from` on.
std::optional<CodePlace> first_after(std::string_view text, std::string_view mark,
                                     std::size_t from) {
  for (std::size_t i = text.find(mark, from); i != kNone; i = text.find(mark, i + 1)) {
    const std::size_t offset = i + mark.size();
    const int code = likely_code(text, offset);
    if (code != 0 && !is_quantity(text, offset)) return CodePlace{offset, code};
  }
  return std::nullopt;
}

// Exim: "SMTP error from remote mail server after RCPT TO:<...>: host mx [192.0.2.1]: 550 ..."
std::optional<CodePlace> after_exim_mark(std::string_view text) {
  const std::size_t mark = text.find("error from remote ");
  if (mark == kNone) return std::nullopt;
  return first_after(text, ": ", mark);
}

std::optional<CodePlace> at_start(std::string_view text) {
  const std::size_t offset = skip_opening(text, 0);
  const int code = three_digits(text, offset);
  return code == 0 ? std::nullopt : std::optional(CodePlace{offset, code});
}

// "SMTP Error 101", "SMTP error: 554", "[Errno 111]", "connection refused, 111": what mail programs
// show.
std::optional<CodePlace> after_error_word(std::string_view text) {
  const std::string lower = ascii_lower(text);
  for (const std::string_view mark : {"smtp error", "error code", "errno", "connection refused"}) {
    const std::size_t found = lower.find(mark);
    if (found == kNone) continue;
    const std::size_t offset =
        std::min(text.find_first_not_of(" :#(,", found + mark.size()), text.size());
    const int code = three_digits(text, offset);
    if (code != 0 && code < 600 && !is_quantity(text, offset)) return CodePlace{offset, code};
  }
  return std::nullopt;
}

bool is_status_char(char c) { return is_digit(c) || c == '.'; }

// An enhanced code that begins at `offset` and is no part of something longer.
std::optional<EnhancedStatus> status_at(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(std::min(offset, text.size()));
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_status_char);
  std::string_view word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  const char next = at(rest, word.size());
  if (is_letter(next) || next == '_' || next == '/') return std::nullopt;
  while (word.ends_with('.')) word.remove_suffix(1);
  return parse_enhanced_status(word);
}

// Right after the reply code: "550 5.1.1", "550-5.1.1", "550 #5.1.1", "550-'5.2.2".
std::optional<EnhancedStatus> status_after_code(std::string_view text, const CodePlace& place) {
  const std::size_t offset = text.find_first_not_of(" -#'\"<([:;", place.offset + 3);
  return offset == kNone ? std::nullopt : status_at(text, offset);
}

// May an enhanced code stand here? `mark` is the character in front.
bool is_status_place(char mark) {
  return mark == ' ' || mark == '(' || mark == '[' || mark == '#' || mark == '\'' || mark == ':' ||
         mark == ';' || mark == '<';
}

// The first enhanced code from `offset` on, with the class that is asked for (0: any).
std::optional<EnhancedStatus> first_status(std::string_view text, std::size_t offset,
                                           int status_class) {
  for (std::size_t i = offset; i < text.size(); ++i) {
    if (!is_digit(text[i]) || (i > 0 && !is_status_place(text[i - 1]))) continue;
    const auto status = status_at(text, i);
    // No subject above 7 exists; a version number or part of a date does.
    if (!status || status->subject > 7) continue;
    if (status_class == 0 || status->status_class == status_class) return status;
  }
  return std::nullopt;
}

// Where the next blank that a refusal with its enhanced code follows stands: " 550 5.1.1".
std::size_t find_full_code(std::string_view text, std::size_t from) {
  for (std::size_t i = text.find(' ', from); i != kNone; i = text.find(' ', i + 1)) {
    const int code = likely_code(text, i + 1);
    if (code == 0 || at(text, i + 4) != ' ') continue;
    if (status_after_code(text, {i + 1, code})) return i;
  }
  return kNone;
}

// In a transcript, Sendmail's own closing words with a code of their own follow the reply.
std::size_t end_of_reply(std::string_view text, const CodePlace& place) {
  constexpr std::string_view kReplyMark = "<<<";
  if (text.find(kReplyMark) == kNone) return text.size();
  std::size_t end = find_full_code(text, place.offset + 3);
  while (end != kNone && text.substr(0, end).ends_with(kReplyMark)) {
    end = find_full_code(text, end + 1);
  }
  return std::min(end, text.size());
}

}  // namespace

std::optional<CodePlace> find_reply_code(std::string_view text) {
  if (const auto place = after_quoting_mark(text)) return place;
  if (const auto place = after_exim_mark(text)) return place;
  if (const auto place = at_start(text)) return place;
  if (const auto place = first_after(text, "<<< ", 0)) return place;
  for (const std::string_view mark : {": ", " #", "('", " '", "], "}) {
    if (const auto place = first_after(text, mark, 0)) return place;
  }
  if (const auto place = after_error_word(text)) return place;
  // "... 550 5.1.1 ...", "... error 550-'...'": the enhanced code or the dash tells.
  for (std::size_t i = text.find(' '); i != kNone; i = text.find(' ', i + 1)) {
    const int code = likely_code(text, i + 1);
    if (code == 0) continue;
    const CodePlace place{i + 1, code};
    const char next = at(text, i + 4);
    if (next == '-' || (next == ' ' && status_after_code(text, place))) return place;
  }
  return std::nullopt;
}

std::optional<EnhancedStatus> find_reply_status(std::string_view text,
                                                const std::optional<CodePlace>& place) {
  if (!place) return first_status(text, 0, 0);
  if (const auto status = status_after_code(text, *place)) return status;
  return first_status(text.substr(0, end_of_reply(text, *place)), place->offset, place->code / 100);
}

}  // namespace plainbounce

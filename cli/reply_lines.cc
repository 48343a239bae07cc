#include "cli/reply_lines.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/workshop/unmatched.h"

namespace plainbounce {
namespace {

constexpr std::size_t kCode = 3;  // digits

// What follows the reply code that the line begins with: '-' where more lines come, else ' ', also
// where the code stands alone. '\0': it begins with none.
char mark_of(std::string_view line) {
  const bool has_code =
      line.size() >= kCode && std::all_of(line.begin(), line.begin() + kCode, is_digit);
  if (!has_code) return '\0';
  const char mark = line.size() == kCode ? ' ' : line[kCode];
  return mark == '-' || mark == ' ' ? mark : '\0';
}

// "TEXT" or "TEXT<TAB>HOST"; HOST stays empty where it isn't named.
RuleExample read_line(std::string_view line) {
  const std::size_t tab = line.find('\t');
  RuleExample reply;
  reply.text = trim(line.substr(0, tab));
  if (tab != std::string_view::npos) reply.host = trim(line.substr(tab + 1));
  return reply;
}

// Gathers the lines of replies.
class ReplyGatherer {
 public:
  void add(std::string_view line) {
    RuleExample read = read_line(line);
    const char mark = mark_of(read.text);
    const bool goes_on = open_ && mark != '\0' && read.text.starts_with(code_);
    open_ = mark == '-';
    code_ = read.text.substr(0, kCode);
    if (!goes_on) {
      replies_.push_back(std::move(read));
      return;
    }
    RuleExample& reply = replies_.back();
    reply.text += ' ' + read.text;
    if (reply.host.empty()) reply.host = read.host;
  }

  std::vector<RuleExample> take() { return std::move(replies_); }

 private:
  std::vector<RuleExample> replies_;
  bool open_ = false;  // has the last of them more lines to come?
  std::string code_;   // with which those begin
};

}  // namespace

std::vector<RuleExample> read_replies(std::string_view input, std::string_view host) {
  const bool is_log = input.find(kUnmatchedMark) != std::string_view::npos;
  std::vector<RuleExample> logged;
  ReplyGatherer pasted;
  while (!input.empty()) {
    const std::size_t end = input.find('\n');
    const std::string_view line = trim(input.substr(0, end));
    input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
    if (line.empty()) continue;
    if (!is_log) {
      pasted.add(line);
    } else if (auto reply = read_unmatched(line)) {
      logged.push_back(*std::move(reply));
    }
  }
  if (is_log) return logged;
  std::vector<RuleExample> replies = pasted.take();
  for (RuleExample& reply : replies) {
    if (reply.host.empty()) reply.host = host;
  }
  return replies;
}

}  // namespace plainbounce

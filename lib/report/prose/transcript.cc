#include "lib/report/prose/transcript.h"

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/base/text.h"
#include "lib/mail/address.h"
#include "lib/mail/address_scan.h"

namespace plainbounce {
namespace {

// Section headings look like "   ----- Transcript of session follows -----".
bool is_heading(std::string_view line) { return trim(line).starts_with("-----"); }

bool begins_transcript(std::string_view line) {
  return is_heading(line) && line.find("Transcript of session") != std::string_view::npos;
}

bool names_host(std::string_view line) {
  return line.starts_with("... while talking to ") || line.starts_with("While talking to ");
}

// "550 5.1.1 <anna@example.com>... User unknown" -> from "<" on.
std::string_view after_codes(std::string_view line) {
  for (int i = 0; i < 2; ++i) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos || !is_digit(line.front())) break;
    const std::string_view word = line.substr(0, blank);
    const bool code =
        std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || c == '.'; });
    if (!code) break;
    line = trim(line.substr(blank));
  }
  return line;
}

// The address of "<anna@example.com>... User unknown"; empty: another kind of line.
std::string_view closing_words_about(std::string_view line) {
  const std::string_view words = after_codes(line);
  const std::size_t dots = words.find("... ");
  if (dots == 0 || dots == std::string_view::npos) return {};
  std::string_view address = words.substr(0, dots);
  if (address.starts_with('<') && address.ends_with('>')) {
    address = address.substr(1, address.size() - 2);
  }
  return address.find(' ') == std::string_view::npos ? address : std::string_view();
}

}  // namespace

Transcript::Transcript(const std::vector<std::string_view>& lines,
                       const std::unordered_set<std::string>& wanted, std::size_t limit,
                       const std::stop_token& stop)
    : wanted_(wanted), limit_(limit) {
  bool within = false;
  for (const std::string_view line : lines) {
    end_if_stopped(stop);
    if (is_heading(line)) {
      within = begins_transcript(line);
    } else if (within) {
      read_line(collapse_space(line));
    }
  }
}

std::string_view Transcript::about(const std::string& name) const {
  const auto found = by_address_.find(name);
  return found == by_address_.end() ? std::string_view() : std::string_view(found->second);
}

void Transcript::read_line(std::string_view line) {
  if (line.empty()) return;
  append(whole_, line);
  if (names_host(line)) {
    talking_ = line;
    exchange_.clear();
    return;
  }
  const std::string_view address = line.starts_with(">>>") || line.starts_with("<<<")
                                       ? std::string_view()
                                       : closing_words_about(line);
  if (address.empty()) {
    append(exchange_, line);
  } else {
    close_statement(address, line);
  }
}

void Transcript::close_statement(std::string_view address, std::string_view line) {
  if (const std::string name = canonical_address(address); wanted_.contains(name)) {
    std::string& text = by_address_[name];
    if (!exchange_.empty()) append(text, talking_);
    append(text, exchange_);
    append(text, line);
  }
  exchange_.clear();
}

void Transcript::append(std::string& text, std::string_view line) const {
  if (line.empty() || text.size() >= limit_) return;
  if (!text.empty()) text += ' ';
  text += cut_utf8(line, limit_ - std::min(limit_, text.size()));
}

}  // namespace plainbounce

#include "lib/report/prose/bounce_text.h"

#include <algorithm>
#include <array>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/header.h"
#include "lib/report/prose/prose_lines.h"

namespace plainbounce {
namespace {

// Fields that no mail system writes into its own words (RFC 5322 sections 3.6.4 and 3.6.7, MIME).
bool is_message_header(const Header& header) {
  static constexpr std::array<std::string_view, 6> kTraces = {
      "Received", "Return-Path", "Message-ID", "MIME-Version", "DKIM-Signature", "X-Received"};
  const bool trace = std::any_of(kTraces.begin(), kTraces.end(),
                                 [&](std::string_view name) { return header.has(name); });
  return trace && header.fields.size() >= 3;
}

// Bytes of a footer's paragraph; the longest disclaimers have three thousand.
constexpr std::size_t kMaxFooter = 4096;

bool begins_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

// What was announced, without the empty lines in front.
std::string_view skip_blank_lines(std::string_view text) {
  for (std::string_view rest = text; !rest.empty(); text = rest) {
    if (!trim(take_line(rest)).empty()) break;
  }
  return text;
}

BounceText end_words_at(std::string_view text, std::string_view words_end,
                        std::string_view returned) {
  const auto length = static_cast<std::size_t>(words_end.data() - text.data());
  return {cut_utf8(text.substr(0, length), kMaxWords), returned};
}

// The last lines up to an empty one; empty: the text has none.
std::string_view last_paragraph(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0) {
    const std::size_t end = begin - 1;
    const std::size_t line = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    const std::size_t start = line == std::string_view::npos ? 0 : line + 1;
    if (trim(text.substr(start, begin - start)).empty()) break;
    begin = start;
  }
  return text.substr(begin);
}

std::string_view without_trailing_space(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

// Of a paragraph that a footer stands in, what stands above the rule or the phrase in it.
std::size_t begin_of_footer(std::string_view paragraph, const StockPhrases& phrases) {
  for (std::string_view rest = paragraph; !rest.empty();) {
    const auto offset = static_cast<std::size_t>(rest.data() - paragraph.data());
    const std::string_view line = take_line(rest);
    if (is_ruled_line(line) || trim(line) == "--" ||
        phrases.stand_in(line, PhrasePurpose::kFooter)) {
      return offset;
    }
  }
  return 0;
}

}  // namespace

std::string_view without_footer(std::string_view words, const StockPhrases& phrases) {
  constexpr int kMaxParagraphs = 8;
  std::string_view left = words;
  for (int i = 0; i < kMaxParagraphs; ++i) {
    const std::string_view text = without_trailing_space(left);
    const std::string_view paragraph = last_paragraph(text);
    const bool goes_on = left.size() < words.size() && is_ruled_line(paragraph);
    if (paragraph.empty() || (!goes_on && (paragraph.size() > kMaxFooter ||
                                           !phrases.stand_in(paragraph, PhrasePurpose::kFooter)))) {
      break;
    }
    left = text.substr(0, text.size() - paragraph.size() + begin_of_footer(paragraph, phrases));
  }
  return left;
}

namespace {

// "----- Original message -----", "--- The message follows ---"
bool is_announcement(std::string_view line, const StockPhrases& phrases) {
  const bool is_framed = line.starts_with("--") && line.ends_with("--");
  return is_framed || is_ruled_line(line) || phrases.stand_in(line, PhrasePurpose::kReturned);
}

// What leads over to the returned message is no word about it.
std::string_view without_announcement(std::string_view words, const StockPhrases& phrases) {
  while (true) {
    words = without_trailing_space(words);
    const std::size_t begin = words.rfind('\n') + 1;  // 0: the first line
    if (begin == 0 || !is_announcement(trim(words.substr(begin)), phrases)) return words;
    words = words.substr(0, begin);
  }
}

}  // namespace

BounceText split_bounce_text(std::string_view text, const StockPhrases& phrases) {
  BounceText announced;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view from_here = rest;
    const std::string_view line = take_line(rest);
    if (static_cast<std::size_t>(from_here.data() - text.data()) > kMaxWords) break;
    if (begins_field(line)) {
      const Header header = read_header(from_here);
      if (is_message_header(header)) {
        const BounceText split = end_words_at(text, from_here, from_here);
        return {without_announcement(split.words, phrases), split.returned};
      }
      rest = from_here.substr(std::max(header.length, line.size()));
    } else if (announced.words.empty() && phrases.stand_in(line, PhrasePurpose::kReturned)) {
      announced = end_words_at(text, from_here, skip_blank_lines(rest));
    }
  }
  if (!trim(announced.words).empty()) return announced;
  return {cut_utf8(text, kMaxWords), {}};
}

}  // namespace plainbounce

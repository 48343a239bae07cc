#include "lib/knowledge/units.h"

#include <fmt/format.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/text.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

constexpr std::array<std::string_view, 4> kUnitColumns = {"kind", "factor", "spellings",
                                                          "examples"};
constexpr double kKilo = 1024;
constexpr double kLeastBareSize = 1000;  // bytes; see Units::bytes()
constexpr double kLeastSureSize = 1e6;   // bytes; likewise
constexpr double kTooMuch = 0x1p60;
constexpr double kTooLong = 1e9;  // seconds; no server waits for decades

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

template <typename T>
std::optional<T> number_in(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view without_punctuation(std::string_view text) {
  text = trim(text);
  while (!text.empty() && std::string_view(".,;:!").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return trim(text);
}

// "-minute(s)." -> "minute": the name as units.tsv has it.
std::string_view name_in(std::string_view word) {
  word = without_punctuation(word);
  if (word.starts_with('-')) word.remove_prefix(1);
  if (!word.ends_with(')')) return word;
  constexpr std::size_t kMaxEnding = 3;  // "(s)", "(en)"
  const std::size_t open = word.rfind('(');
  if (open == std::string_view::npos) return without_punctuation(word.substr(0, word.size() - 1));
  return word.size() - open - 2 <= kMaxEnding ? word.substr(0, open) : word;
}

// Is it written without blanks between words? Then what follows a unit is no part of its name.
bool starts_unspaced(std::string_view text) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
  UChar32 c = 0;
  std::int32_t i = 0;
  U8_NEXT(data, i, static_cast<std::int32_t>(text.size()), c);
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = c < 0 ? USCRIPT_COMMON : uscript_getScript(c, &status);
  return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
         script == USCRIPT_HANGUL;
}

// "mb" -> 1048576; "分後" -> 60, since 後 ("after") is no part of 分. Nothing: no such unit.
template <typename Factors>
std::optional<double> factor_of(std::string_view name, const Factors& factors) {
  constexpr std::size_t kMaxName = 64;  // bytes
  if (name.size() > kMaxName) return std::nullopt;
  for (std::size_t length = name.size(); length > 0; --length) {
    if (length < name.size() && !starts_unspaced(name.substr(length))) continue;
    const auto found = factors.find(name.substr(0, length));
    if (found != factors.end()) return found->second;
  }
  return std::nullopt;
}

bool is_whole(double value) { return std::floor(value) == value; }

// In bytes or a larger unit; see the head of units.h.
std::optional<double> size_in(const WrittenNumber& number, double factor) {
  if (factor == 1) {
    const double value = number.doubtful == 0 ? number.value : number.grouped;
    return is_whole(value) ? std::optional(value) : std::nullopt;
  }
  if (number.doubtful == 0) return number.value * factor;
  if (number.doubtful == ',' && factor == kKilo) return number.grouped * factor;
  return std::nullopt;
}

// "01:30:00" -> 5400.
std::optional<std::int64_t> read_clock(std::string_view text) {
  constexpr std::int64_t kMaxHours = 9999;
  const auto hours = number_in<int>(take_until(text, ':'));
  const auto minutes = number_in<int>(take_until(text, ':'));
  const auto seconds = number_in<int>(text);
  if (!hours || !minutes || !seconds) return std::nullopt;
  if (*hours < 0 || *minutes < 0 || *seconds < 0) return std::nullopt;
  if (*hours > kMaxHours || *minutes > 59 || *seconds > 59) return std::nullopt;
  return (std::int64_t{*hours} * 60 + *minutes) * 60 + *seconds;
}

void check_kind(std::string_view file, const TableRow& row) {
  const std::string_view kind = row.cells[0];
  if (kind == "bytes" || kind == "seconds" || kind == "joint") return;
  fail_at(file, row.line, "kind: expected bytes, seconds or joint");
}

}  // namespace

void Units::load(std::string_view file, std::string_view tsv) {
  for (const TableRow& row : parse_table(file, tsv, kUnitColumns)) {
    check_kind(file, row);
    const bool is_size = row.cells[0] == "bytes";
    const bool is_joint = row.cells[0] == "joint";
    const auto factor = number_in<double>(row.cells[1]);
    if (!is_joint && (!factor || *factor <= 0)) {
      fail_at(file, row.line, "factor: expected a number");
    }
    add_names(file, row, factor.value_or(0));
    if (!is_joint) add_examples(file, row.line, row.cells[3], is_size);
  }
}

void Units::add_names(std::string_view file, const TableRow& row, double factor) {
  const std::string_view kind = row.cells[0];
  for (std::string_view names = row.cells[2]; !names.empty();) {
    const std::string name = fold_utf8(take_until(names, ' '));
    const bool is_new = kind == "joint"   ? joints_.insert(name).second
                        : kind == "bytes" ? sizes_.emplace(name, factor).second
                                          : times_.emplace(name, factor).second;
    if (!is_new) fail_at(file, row.line, fmt::format("\"{}\" stands there twice", name));
  }
}

void Units::add_examples(std::string_view file, int line, std::string_view cell, bool is_size) {
  if (cell.empty()) fail_at(file, line, "examples: a unit needs one");
  while (!cell.empty()) {
    std::string_view example = take_until(cell, ';');
    const std::string_view text = trim(take_until(example, '='));
    const auto value = number_in<std::uint64_t>(trim(example));
    if (!value) fail_at(file, line, "examples: expected \"1 unit = 1024; ...\"");
    examples_.push_back({std::string(text), is_size, *value, line});
  }
}

std::optional<std::uint64_t> Units::bytes(std::string_view text) const {
  const std::string folded = fold_utf8(trim(text));
  const auto number = read_written_number(folded);
  if (!number) return std::nullopt;
  const std::string_view name = name_in(std::string_view(folded).substr(number->length));
  const auto unit = factor_of(name, sizes_);
  const auto size = size_in(*number, unit.value_or(1));
  const double least = unit ? 1 : name.empty() ? kLeastBareSize : kLeastSureSize;
  if (!size || *size < least || *size >= kTooMuch) return std::nullopt;
  return static_cast<std::uint64_t>(*size);
}

// One number with the words behind it: its unit, then joints. `factor` is that of the number
// before, and becomes this one's.
std::optional<double> Units::seconds_of(const WrittenNumber& number, std::string_view words,
                                        double& factor) const {
  words = without_punctuation(words);
  const std::string_view name = name_in(take_until(words, ' '));
  for (words = trim(words); !words.empty(); words = trim(words)) {
    if (!joints_.contains(take_until(words, ' '))) return std::nullopt;
  }
  const auto unit = factor_of(name, times_);
  if (!unit || *unit >= factor) return std::nullopt;
  factor = *unit;
  if (number.doubtful == 0) return number.value * factor;
  return number.doubtful == ',' && factor == 1 ? std::optional(number.grouped) : std::nullopt;
}

std::optional<std::int64_t> Units::seconds(std::string_view text) const {
  const std::string folded = fold_utf8(without_punctuation(text));
  if (folded.find(':') != std::string::npos) return read_clock(folded);
  double sum = 0;
  double factor = std::numeric_limits<double>::infinity();
  for (std::string_view rest = folded; !rest.empty();) {
    const auto number = read_written_number(rest);
    if (!number) return std::nullopt;
    rest.remove_prefix(number->length);
    if (rest.empty() && number->length == folded.size()) {
      sum = number->doubtful == 0 ? number->value : number->grouped;
      break;
    }
    const std::size_t end = std::min(rest.find_first_of("0123456789"), rest.size());
    std::string_view words = rest.substr(0, end);
    if (words.starts_with(' ')) words.remove_prefix(1);
    const auto part = seconds_of(*number, words, factor);
    if (!part) return std::nullopt;
    sum += *part;
    rest.remove_prefix(end);
  }
  if (folded.empty() || sum >= kTooLong) return std::nullopt;
  return static_cast<std::int64_t>(sum);
}

std::optional<std::int64_t> read_count(std::string_view text) {
  const std::string folded = fold_utf8(without_punctuation(text));
  const auto number = read_written_number(folded);
  if (!number || number->length != folded.size()) return std::nullopt;
  const double value = number->doubtful == 0 ? number->value : number->grouped;
  if (value < 1 || value > 1e9 || !is_whole(value)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace plainbounce

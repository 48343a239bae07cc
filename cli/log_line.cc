#include "cli/log_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "lib/base/ascii.h"
#include "lib/workshop/unmatched.h"

namespace plainbounce {
namespace {

constexpr std::string_view kRecordMark = "queue_id=";
constexpr std::string_view kJournalField = "MESSAGE=";  // journalctl -o export

bool is_bare(char c) { return c > ' ' && c < 0x7f && c != '"'; }

bool begins_as_ours(std::string_view message) {
  return is_record(message) || message.starts_with(kUnmatchedMark);
}

std::string_view without_level(std::string_view message) {
  for (const std::string_view level : {"debug: ", "info: ", "warning: ", "error: "}) {
    if (message.starts_with(level)) return message.substr(level.size());
  }
  return message;
}

// Is it "... plainbounce[7" or "... plainbounce-milter[7"?
bool ends_with_our_name(std::string_view before) {
  const std::size_t bracket = before.rfind('[');
  if (bracket == std::string_view::npos) return false;
  const std::string_view pid = before.substr(bracket + 1);
  if (pid.empty() || !std::all_of(pid.begin(), pid.end(), is_digit)) return false;
  const std::string_view name = before.substr(0, bracket);
  const std::string_view last = name.substr(name.rfind(' ') + 1);
  return last == "plainbounce" || last == "plainbounce-milter";
}

// Takes "KEY=VALUE" and one blank off the front. Nothing: another key stands there, or an open
// quote. Quotes are part of the value.
std::optional<std::string_view> take(std::string_view& rest, std::string_view key) {
  if (!rest.starts_with(key) || !rest.substr(key.size()).starts_with('=')) return std::nullopt;
  const std::string_view from = rest.substr(key.size() + 1);
  std::size_t size = 0;
  if (from.starts_with('"')) {
    const std::size_t quote = from.find('"', 1);
    if (quote == std::string_view::npos) return std::nullopt;
    size = quote + 1;
  } else {
    size = static_cast<std::size_t>(std::find_if_not(from.begin(), from.end(), is_bare) -
                                    from.begin());
  }
  const std::string_view after = from.substr(size);
  if (size == 0 || !(after.empty() || after.starts_with(' '))) return std::nullopt;
  rest = after.substr(after.empty() ? 0 : 1);
  return from.substr(0, size);
}

// A value in quotes is none that is counted.
std::string_view word(std::string_view value) {
  return value == "-" || value.starts_with('"') ? std::string_view() : value;
}

std::vector<std::string_view> words(std::string_view value) {
  std::vector<std::string_view> found;
  for (std::string_view rest = word(value); !rest.empty();) {
    const std::size_t comma = rest.find(',');
    if (comma != 0) found.push_back(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return found;
}

// The list of the next key; empty: another one stands there.
std::vector<std::string_view> list_of(std::string_view& rest, std::string_view key) {
  return words(take(rest, key).value_or(std::string_view()));
}

// Between the quotes; empty: there are none, or what stands there can't be the daemon's.
std::string_view quoted(std::string_view value) {
  if (value.size() < 2 || !value.starts_with('"')) return {};
  value = value.substr(1, value.size() - 2);
  const bool printable =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7f; });
  return printable ? value : std::string_view();
}

template <typename Number>
bool read_number(std::string_view text, Number& to) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, to);
  return error == std::errc() && stop == end;
}

}  // namespace

bool is_record(std::string_view message) { return message.starts_with(kRecordMark); }

std::optional<std::string_view> message_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with(kJournalField)) line.remove_prefix(kJournalField.size());
  const std::string_view bare = without_level(line);
  if (begins_as_ours(bare)) return bare;
  constexpr std::string_view kEnd = "]: ";
  const std::size_t end = line.find(kEnd);
  if (end == std::string_view::npos || !ends_with_our_name(line.substr(0, end))) {
    return std::nullopt;
  }
  const std::string_view message = without_level(line.substr(end + kEnd.size()));
  return begins_as_ours(message) ? std::optional(message) : std::nullopt;
}

std::optional<LoggedRecord> read_record(std::string_view message) {
  constexpr std::array<std::string_view, 9> kKeys = {"queue_id",   "result", "reason",
                                                     "recipients", "causes", "outcomes",
                                                     "language",   "ms",     "bytes"};
  std::array<std::string_view, kKeys.size()> values;
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    const auto value = take(message, kKeys[i]);
    if (!value) return std::nullopt;
    values[i] = *value;
  }
  LoggedRecord record;
  record.result = word(values[1]);
  record.reason = word(values[2]);
  record.causes = words(values[4]);
  record.outcomes = words(values[5]);
  record.language = word(values[6]);
  record.hosts = list_of(message, "hosts");
  record.confidences = list_of(message, "confidence");
  record.evidence = list_of(message, "evidence");
  record.detail = quoted(take(message, "detail").value_or(std::string_view()));
  std::uint64_t bytes = 0;
  if (record.result.empty() || !read_number(values[3], record.recipients) ||
      !read_number(values[7], record.milliseconds) || !read_number(values[8], bytes) ||
      !std::isfinite(record.milliseconds) || record.milliseconds < 0) {
    return std::nullopt;
  }
  return record;
}

}  // namespace plainbounce

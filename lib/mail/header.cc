#include "lib/mail/header.h"

#include <algorithm>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

bool is_fold_space(char c) { return c == ' ' || c == '\t'; }

bool is_mbox_line(std::string_view line) {
  return line.starts_with("From ") || line.starts_with(">From ");
}

// The field's name: printable ASCII without a colon. Empty: the line is no field.
std::string_view field_name(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view name = line.substr(0, colon);
  while (!name.empty() && is_fold_space(name.back())) name.remove_suffix(1);
  const bool sound =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127; });
  return sound ? name : std::string_view();
}

// "boundary=..." at the start of a line, after a value that ends in a semicolon.
bool continues_parameters(std::string_view value, std::string_view rest) {
  if (!trim(value).ends_with(';')) return false;
  const std::string_view line = take_line(rest);
  const std::size_t end = line.find_first_of("=: \t");
  return end != std::string_view::npos && end > 0 && line[end] == '=';
}

// The value ends where the next line that isn't folded begins.
std::string_view take_folded_lines(std::string_view& rest, const char* value_begin,
                                   std::string_view first_line, bool& broken) {
  std::string_view last = first_line;
  while (!rest.empty()) {
    if (!is_fold_space(rest.front())) {
      if (!continues_parameters(last, rest)) break;
      broken = true;
    }
    last = take_line(rest);
  }
  return {value_begin, static_cast<std::size_t>(last.data() + last.size() - value_begin)};
}

}  // namespace

const HeaderField* Header::find(std::string_view name) const {
  for (const HeaderField& field : fields) {
    if (equals_ignoring_case(field.name, name)) return &field;
  }
  return nullptr;
}

std::size_t Header::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields.begin(), fields.end(),
      [name](const HeaderField& field) { return equals_ignoring_case(field.name, name); }));
}

std::string_view Header::value(std::string_view name) const {
  const HeaderField* const field = find(name);
  return field == nullptr ? std::string_view() : field->value;
}

Header read_header(std::string_view bytes) {
  Header header;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    if (is_mbox_line(line)) continue;
    const std::string_view name = field_name(line);
    if (name.empty()) {
      header.broken = true;
      rest = before;
      break;
    }
    const char* const value_begin = line.data() + line.find(':') + 1;
    const std::string_view value = take_folded_lines(rest, value_begin, line, header.broken);
    if (header.fields.size() < kMaxHeaderFields) {
      header.fields.push_back({name, value});
    } else {
      header.too_long = true;
    }
  }
  header.length = bytes.size() - rest.size();
  return header;
}

}  // namespace plainbounce

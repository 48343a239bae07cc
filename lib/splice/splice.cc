#include "lib/splice/splice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/mime_encode.h"

namespace plainbounce {
namespace {

// FNV-1a: spreads the message over 64 bits. Nothing depends on its strength: the result is checked.
std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }
  return hash;
}

// A boundary (RFC 2046 section 5.1.1) that occurs nowhere in the message and that the outer
// boundary doesn't begin: some readers compare no more than that. "=_" and "_=" followed by a
// letter can't occur in quoted-printable, so neither is it in the new parts.
std::string new_boundary(std::string_view message, std::string_view outer) {
  const std::uint64_t seed = hash_of(message);
  const std::string_view prefix = outer.starts_with('=') ? "_=plainbounce_" : "=_plainbounce_";
  for (std::uint64_t i = 0;; ++i) {
    std::string boundary = fmt::format("{}{:016x}", prefix, seed + i);
    if (message.find(boundary) == std::string_view::npos) return boundary;
  }
}

// A part of the multipart of that boundary, which stands within the one of `outer`.
std::string part(std::string_view boundary, std::string_view outer, std::string_view type,
                 std::string_view language, std::string_view content) {
  return fmt::format(
      "--{}\nContent-Type: {}; charset=utf-8\nContent-Language: {}\n"
      "Content-Transfer-Encoding: quoted-printable\n\n{}\n",
      boundary, type, language, quoted_printable(content, outer));
}

constexpr std::size_t kMaxDescription = 200;  // bytes

// The field's value as it was, in 7-bit text.
std::string description_of(const Report& report) {
  const std::string& original = report.notification.content_description;
  if (original.empty()) return "Notification";
  return encode_unstructured("Content-Description",
                             std::string(cut_utf8(original, kMaxDescription)));
}

std::string compose_part(std::string_view message, const Report& report, const Notice& notice) {
  const std::string boundary = new_boundary(message, report.boundary);
  std::string out = fmt::format(
      "Content-Description: {}\nContent-Type: multipart/alternative; boundary=\"{}\"\n\n",
      description_of(report), boundary);
  out += part(boundary, report.boundary, "text/plain", notice.language, notice.text);
  out += part(boundary, report.boundary, "text/html", notice.language, notice.html);
  out += fmt::format("--{}--", boundary);
  return out;
}

// A field's place in the header, as [begin, end) with its line end.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The end of the line that starts at `begin`, after its line end.
std::size_t line_end(std::string_view message, std::size_t begin) {
  const std::size_t newline = message.find('\n', begin);
  return newline == std::string_view::npos ? message.size() : newline + 1;
}

bool is_empty_line(std::string_view line) { return line == "\n" || line == "\r\n" || line.empty(); }

// The end of the header: the start of the empty line, or of the message's end.
std::size_t header_end(std::string_view message) {
  std::size_t begin = 0;
  while (begin < message.size()) {
    const std::size_t end = line_end(message, begin);
    if (is_empty_line(message.substr(begin, end - begin))) break;
    begin = end;
  }
  return begin;
}

// The first field of that name; nothing: there is none.
std::optional<Span> find_field(std::string_view header, std::string_view name) {
  for (std::size_t begin = 0; begin < header.size();) {
    std::size_t end = line_end(header, begin);
    while (end < header.size() && (header[end] == ' ' || header[end] == '\t')) {
      end = line_end(header, end);
    }
    const std::string_view field = header.substr(begin, end - begin);
    const std::size_t colon = field.find(':');
    if (colon != std::string_view::npos &&
        equals_ignoring_case(trim(field.substr(0, colon)), name)) {
      return Span{begin, end};
    }
    begin = end;
  }
  return std::nullopt;
}

void apply_header_change(const HeaderChange& change, bool crlf, std::string& header) {
  std::string line = fmt::format("{}: {}\n", change.name, change.value);
  if (crlf) line = with_crlf(line);
  if (change.kind == HeaderChange::Kind::kReplace) {
    if (const auto span = find_field(header, change.name)) {
      header.replace(span->begin, span->end - span->begin, line);
      return;
    }
  }
  header += line;
}

}  // namespace

std::optional<Edit> plan_edit(std::string_view message, const Report& report, const Notice& notice,
                              SubjectMode subject_mode, std::string_view version) {
  const ByteRange& range = report.notification.range;
  if (range.length == 0 || range.offset > message.size() ||
      range.length > message.size() - range.offset) {
    return std::nullopt;
  }
  Edit edit{.offset = range.offset, .length = range.length};
  edit.replacement = compose_part(message, report, notice);
  // Can't happen; if it did, the parts after it would be lost to their readers.
  if (edit.replacement.find("\n--" + report.boundary) != std::string::npos) return std::nullopt;
  if (report.crlf) edit.replacement = with_crlf(edit.replacement);
  if (subject_mode == SubjectMode::kRewrite) {
    edit.headers.push_back(
        {HeaderChange::Kind::kReplace, "Subject", encode_unstructured("Subject", notice.subject)});
  }
  edit.headers.push_back({HeaderChange::Kind::kAdd, kMarkName,
                          fmt::format("{}; language={}", version, notice.language)});
  return edit;
}

std::string apply_edit(std::string_view message, const Edit& edit) {
  const std::size_t end = header_end(message);
  std::string out(message.substr(0, end));
  const bool crlf = out.ends_with("\r\n");
  for (const HeaderChange& change : edit.headers) apply_header_change(change, crlf, out);
  out += message.substr(end, edit.offset - end);
  out += edit.replacement;
  out += message.substr(edit.offset + edit.length);
  return out;
}

}  // namespace plainbounce

#include "lib/splice/splice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/fnv.h"
#include "lib/base/stop.h"
#include "lib/base/text.h"
#include "lib/mail/header.h"
#include "lib/mail/mime_encode.h"

namespace plainbounce {
namespace {

// A boundary (RFC 2046 section 5.1.1) that occurs nowhere in the message and that the outer
// boundary doesn't begin: some readers compare no more than that. "=_" and "_=" followed by a
// letter can't occur in quoted-printable, so neither is it in the new parts. Nothing depends on the
// strength of the hash: its result is looked for in the message.
std::string new_boundary(std::string_view message, std::string_view outer,
                         const std::stop_token& stop) {
  Fnv1a hash;
  hash.add(message);
  const std::string_view prefix = outer.starts_with('=') ? "_=plainbounce_" : "=_plainbounce_";
  for (std::uint64_t i = 0;; ++i) {
    end_if_stopped(stop);
    std::string boundary = fmt::format("{}{:016x}", prefix, hash.value() + i);
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

std::string compose_part(std::string_view message, const Report& report, const Notice& notice,
                         const std::stop_token& stop) {
  const std::string boundary = new_boundary(message, report.boundary, stop);
  std::string out = fmt::format(
      "Content-Description: {}\nContent-Type: multipart/alternative; boundary=\"{}\"\n\n",
      description_of(report), boundary);
  out += part(boundary, report.boundary, "text/plain", notice.language, notice.text);
  out += part(boundary, report.boundary, "text/html", notice.language, notice.html);
  out += fmt::format("--{}--", boundary);
  return out;
}

// Where the header's fields end: before the empty line, or at the message's end. No edit is planned
// for a header that is broken, so that they end nowhere else.
std::size_t fields_end(std::string_view message) {
  std::string_view header = message.substr(0, read_header(message).length);
  for (const std::string_view empty_line : {"\r\n", "\n"}) {
    const std::string_view rest = header.substr(0, header.size() - empty_line.size());
    if (header.ends_with(empty_line) && (rest.empty() || rest.ends_with('\n'))) return rest.size();
  }
  return header.size();
}

// Replaces the first field of that name by `line`. False: there is none.
bool replace_field(std::string_view name, std::string_view line, std::string& header) {
  const Header fields = read_header(header);
  const HeaderField* const field = fields.find(name);
  if (field == nullptr) return false;
  const auto begin = static_cast<std::size_t>(field->name.data() - header.data());
  const auto value_end =
      static_cast<std::size_t>(field->value.data() + field->value.size() - header.data());
  const std::size_t newline = std::min(header.find('\n', value_end), header.size() - 1);
  header.replace(begin, newline + 1 - begin, line);
  return true;
}

void apply_header_change(const HeaderChange& change, bool crlf, std::string& header) {
  std::string line = fmt::format("{}: {}\n", change.name, change.value);
  if (crlf) line = with_crlf(line);
  const bool replaced =
      change.kind == HeaderChange::Kind::kReplace && replace_field(change.name, line, header);
  if (!replaced) header += line;
}

}  // namespace

Plan plan_edit(std::string_view message, const Report& report, const Notice& notice,
               SubjectMode subject_mode, std::string_view version, const std::stop_token& stop) {
  end_if_stopped(stop);
  const ByteRange& range = report.notification.range;
  if (range.length == 0) return Plan::none(report.notification.doubt);
  if (range.offset > message.size() || range.length > message.size() - range.offset) {
    return Plan::none(Doubt::kRangeOutside);
  }
  Edit edit{.offset = range.offset, .length = range.length};
  edit.replacement = compose_part(message, report, notice, stop);
  end_if_stopped(stop);
  // Can't happen; if it did, the parts after it would be lost to their readers.
  if (edit.replacement.find("\n--" + report.boundary) != std::string::npos) {
    return Plan::none(Doubt::kDelimiterInNotice);
  }
  if (report.crlf) edit.replacement = with_crlf(edit.replacement);
  if (subject_mode == SubjectMode::kRewrite) {
    edit.headers.push_back(
        {HeaderChange::Kind::kReplace, "Subject", encode_unstructured("Subject", notice.subject)});
  }
  // RFC 5322 section 3.6: at most one.
  if (!notice.reply_to.empty() && read_header(message).find("Reply-To") == nullptr) {
    edit.headers.push_back({HeaderChange::Kind::kAdd, "Reply-To", notice.reply_to});
  }
  edit.headers.push_back({HeaderChange::Kind::kAdd, kMarkName,
                          fmt::format("{}; language={}", version, notice.language)});
  return {std::move(edit)};
}

std::string apply_edit(std::string_view message, const Edit& edit) {
  const std::size_t end = fields_end(message);
  std::string out(message.substr(0, end));
  const bool crlf = out.ends_with("\r\n");
  for (const HeaderChange& change : edit.headers) apply_header_change(change, crlf, out);
  out += message.substr(end, edit.offset - end);
  out += edit.replacement;
  out += message.substr(edit.offset + edit.length);
  return out;
}

}  // namespace plainbounce

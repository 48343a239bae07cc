#include "lib/workshop/unmatched.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/text.h"
#include "lib/base/toml_file.h"
#include "lib/knowledge/knowledge.h"
#include "lib/reply/hearing.h"
#include "lib/reply/reply_pieces.h"
#include "lib/workshop/wording_shape.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxText = 500;  // bytes
constexpr std::size_t kMaxHost = 100;

// Is it better seen as a number?
bool is_invisible(UChar32 c) {
  const auto category = u_charType(c);
  return u_iscntrl(c) || category == U_FORMAT_CHAR || category == U_LINE_SEPARATOR ||
         category == U_PARAGRAPH_SEPARATOR || category == U_UNASSIGNED ||
         category == U_PRIVATE_USE_CHAR;
}

std::string example_toml(std::string_view text, std::string_view host) {
  std::string toml = fmt::format("examples = [{{ text = {}", toml_string(text, true));
  if (!host.empty()) toml += fmt::format(", host = {}", toml_string(host, true));
  return toml + " }]";
}

}  // namespace

std::string toml_string(std::string_view text, bool ascii) {
  const std::string clean = valid_utf8(text);
  std::string out = "\"";
  const auto length = static_cast<std::int32_t>(clean.size());
  for (std::int32_t i = 0; i < length;) {
    const std::int32_t begin = i;
    UChar32 c = 0;
    U8_NEXT(clean.data(), i, length, c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\'' && ascii) {
      out += "\\u0027";  // so that a shell's quotes may stand around the line
    } else if (c < 0x20 || (c >= 0x7F && (ascii || is_invisible(c)))) {
      const auto number = static_cast<std::uint32_t>(c);
      out += c > 0xFFFF ? fmt::format("\\U{:08X}", number) : fmt::format("\\u{:04X}", number);
    } else {
      out.append(clean, static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin));
    }
  }
  return out + "\"";
}

std::optional<UnmatchedReply> unmatched_reply(const RecipientDiagnosis& diagnosis) {
  if (diagnosis.evidence.kind == Evidence::Kind::kRule || diagnosis.reply.text.empty() ||
      !is_undelivered(diagnosis.outcome)) {
    return std::nullopt;
  }
  const std::string shape = wording_shape(diagnosis.reply);
  return UnmatchedReply{
      wording_key(shape),
      example_toml(cut_utf8(shape, kMaxText), host_to_tell(diagnosis.facts.remote_host))};
}

std::string host_to_tell(std::string_view remote_host) {
  const std::string host = ascii_lower(without_root(remote_host));
  if (host.size() > kMaxHost) return {};
  std::size_t names = 0;
  for (const ReplyPiece& piece : split_reply(host)) {
    const bool is_bracket = piece.text == "[" || piece.text == "]";
    const bool is_name =
        piece.kind == ReplyPiece::Kind::kHost || piece.kind == ReplyPiece::Kind::kIp;
    if (!is_name && !is_bracket) return {};
    if (is_name) ++names;
  }
  return names == 1 ? host : std::string();
}

std::string wording_key(std::string_view reply) {
  const Hearing hearing = hear_pasted(reply);
  return hearing.texts.empty() ? std::string() : reply_key(hearing.texts.front().text());
}

std::optional<RuleExample> read_unmatched(std::string_view log_line) {
  const std::size_t mark = log_line.find(kUnmatchedMark);
  if (mark == std::string_view::npos) return std::nullopt;
  RuleExample example;
  try {
    const toml::table root = parse_toml("", log_line.substr(mark + kUnmatchedMark.size()));
    const auto& found = root["examples"][0];
    example.text = found["text"].value_or(std::string());
    example.host = found["host"].value_or(std::string());
  } catch (const DataError&) {
    return std::nullopt;
  }
  if (example.text.empty()) return std::nullopt;
  return example;
}

}  // namespace plainbounce

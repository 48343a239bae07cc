#include "lib/splice/insert.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/charset.h"
#include "lib/base/stop.h"
#include "lib/mail/mime_encode.h"
#include "lib/splice/text_place.h"

namespace plainbounce {
namespace {

bool is_7bit(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_delimiter(const std::string& bytes, const std::vector<std::string>& boundaries) {
  return std::any_of(boundaries.begin(), boundaries.end(), [&](const std::string& boundary) {
    const std::string delimiter = "--" + boundary;
    return bytes.starts_with(delimiter) || bytes.find("\n" + delimiter) != std::string::npos;
  });
}

// Base64 whose last group is full can be put in front of other base64: nothing ends between them.
std::string base64_block(std::string bytes) {
  bytes = with_crlf(bytes);
  while (bytes.size() % 3 != 0) bytes.insert(bytes.size() - 2, 1, ' ');
  return base64(bytes);
}

std::optional<std::string> encode(const std::string& text, const TextPlace& place) {
  auto bytes = encode_charset(text, place.charset);
  if (!bytes) return std::nullopt;
  switch (place.encoding) {
    case TransferEncoding::k7Bit:
      return is_7bit(*bytes) ? bytes : std::nullopt;
    case TransferEncoding::k8Bit:
      return bytes;
    case TransferEncoding::kQuotedPrintable:
      return quoted_printable(*bytes, place.boundaries.empty() ? "" : place.boundaries.back());
    case TransferEncoding::kBase64:
      return base64_block(*bytes);
  }
  return std::nullopt;
}

}  // namespace

Plan plan_insertion(std::string_view message, const Report& report, const Notice& preface,
                    std::string_view version, const std::stop_token& stop) {
  end_if_stopped(stop);
  const TextPlace place = find_text_place(message, report);
  if (place.doubt != Doubt::kNone) return Plan::none(place.doubt);
  end_if_stopped(stop);
  if (preface.text.empty()) return Plan::none(Doubt::kNoticeEmpty);
  const auto bytes = encode(preface.text + "\n", place);
  if (!bytes) return Plan::none(Doubt::kCharset);
  if (has_delimiter(*bytes, place.boundaries)) return Plan::none(Doubt::kDelimiterInNotice);
  Edit edit{.offset = place.offset};
  edit.replacement = report.crlf ? with_crlf(*bytes) : *bytes;
  edit.headers.push_back({HeaderChange::Kind::kAdd, kMarkName,
                          fmt::format("{}; language={}", version, preface.language)});
  return {std::move(edit)};
}

}  // namespace plainbounce

#include "lib/learn/own_replies.h"

#include <fmt/format.h>

#include <string>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/text.h"
#include "lib/mail/header.h"
#include "lib/workshop/unmatched.h"

namespace plainbounce {
namespace {

LabelledReply parse_line(std::string_view file, int number, std::string_view line) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos) {
    fail_at(file, number, "expected a cause, a tab and a reply");
  }
  LabelledReply reply;
  reply.cause = read_cause(trim(line.substr(0, tab)), file, number);
  reply.kind = "wire";
  reply.source = std::string(file);
  const std::string_view rest = trim(line.substr(tab + 1));
  if (auto logged = read_unmatched(rest)) {
    reply.text = std::move(logged->text);
    reply.host = std::move(logged->host);
  } else {
    reply.text = valid_utf8(rest);
  }
  if (reply.text.empty()) fail_at(file, number, "there is no reply");
  return reply;
}

}  // namespace

std::vector<LabelledReply> parse_own_replies(std::string_view file, std::string_view text) {
  std::vector<LabelledReply> replies;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (trim(line).empty() || line.starts_with('#')) continue;
    replies.push_back(parse_line(file, number, line));
  }
  return replies;
}

}  // namespace plainbounce

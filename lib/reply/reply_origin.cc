#include "lib/reply/reply_origin.h"

#include <algorithm>
#include <array>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

struct Command {
  std::string_view name;
  Stage stage;
};
// As servers name what they had sent.
constexpr std::array kCommands = {
    Command{"RCPT", Stage::kRcpt},
    Command{"MAIL", Stage::kMail},
    Command{"end of DATA", Stage::kEndOfData},
    Command{"sending data block", Stage::kEndOfData},
    Command{"message body", Stage::kEndOfData},
    Command{"BDAT", Stage::kEndOfData},
    Command{".", Stage::kEndOfData},
    Command{"DATA", Stage::kData},
    Command{"EHLO", Stage::kHelo},
    Command{"HELO", Stage::kHelo},
    Command{"LHLO", Stage::kHelo},
    Command{"STARTTLS", Stage::kStartTls},
    Command{"AUTH", Stage::kAuth},
    Command{"initial", Stage::kConnect},
};

Stage stage_of(std::string_view command) {
  if (starts_ignoring_case(command, "pipelined ")) command.remove_prefix(10);
  if (starts_ignoring_case(command, "the ")) command.remove_prefix(4);
  for (const Command& known : kCommands) {
    if (starts_ignoring_case(command, known.name)) return known.stage;
  }
  return Stage::kUnknown;
}

// The first command that is named after `mark`.
Stage stage_after(std::string_view text, std::string_view mark) {
  for (std::size_t i = text.find(mark); i != kNowhere; i = text.find(mark, i + 1)) {
    const Stage stage = stage_of(text.substr(i + mark.size()));
    if (stage != Stage::kUnknown) return stage;
  }
  return Stage::kUnknown;
}

// Sendmail shows the last command that it sent. With pipelining that is DATA, whichever command
// the reply answers.
Stage stage_in_transcript(std::string_view before_reply) {
  const std::size_t mark = before_reply.rfind(">>> ");
  if (mark == kNowhere) return Stage::kUnknown;
  const Stage stage = stage_of(before_reply.substr(mark + 4));
  return stage == Stage::kData ? Stage::kUnknown : stage;
}

bool is_name_char(char c) {
  return c > ' ' && c != '[' && c != ']' && c != '(' && c != ')' && c != '<' && c != '>' &&
         c != ',' && c != ';' && c != '\'' && c != '"' && c != '#';
}

bool is_address(std::string_view text) {
  return text.find_first_of(".:") != kNowhere &&
         text.find_first_not_of("0123456789abcdefABCDEF.:") == kNowhere;
}

// "mx.example.com[192.0.2.1]", "mx.example.com [192.0.2.1]:25", "[192.0.2.1]", "mx.example.com.:"
ReplyHost read_host(std::string_view text) {
  ReplyHost host;
  std::size_t end = 0;
  while (end < text.size() && is_name_char(text[end])) ++end;
  std::string_view name = text.substr(0, end);
  std::string_view rest = trim(text.substr(end));
  if (rest.starts_with('[') || rest.starts_with('(')) {
    const std::string_view inner = rest.substr(1, rest.find_first_of("])") - 1);
    if (is_address(inner)) host.address = inner;
  }
  while (name.ends_with('.') || name.ends_with(':')) name.remove_suffix(1);
  if (host.address.empty() && is_address(name)) host.address = name;
  host.name = name.empty() ? host.address : std::string(name);
  return host;
}

bool is_named(const ReplyHost& host) {
  return !host.address.empty() || host.name.find('.') != std::string::npos;
}

// Marks that a host's name follows. Those with `alone` tell the host even where no reply follows.
struct HostMark {
  std::string_view mark;
  bool alone;
};
constexpr std::array kHostMarks = {
    HostMark{"host ", false},
    HostMark{"server ", false},
    HostMark{"failed for ", false},
    HostMark{"while talking to ", true},
    HostMark{"While talking to ", true},
    HostMark{"Remote Server at ", false},
    HostMark{"H=", false},
    HostMark{"connect to ", true},
    HostMark{"connection with ", true},
    HostMark{"conversation with ", true},
    HostMark{"returned '<", false},
    HostMark{"#< ", false},
};

// The nearest host that is named in front of the reply.
ReplyHost host_before(std::string_view before_reply, bool has_reply) {
  ReplyHost nearest;
  std::size_t nearest_offset = 0;
  for (const HostMark& mark : kHostMarks) {
    const std::size_t found = before_reply.rfind(mark.mark);
    if (found == kNowhere || (!nearest.name.empty() && found < nearest_offset)) continue;
    ReplyHost host = read_host(trim(before_reply.substr(found + mark.mark.size())));
    if (!is_named(host) || (!has_reply && !mark.alone && host.address.empty())) continue;
    nearest = std::move(host);
    nearest_offset = found;
  }
  return nearest;
}

// "[192.0.2.1] said: 550 ...", without the word "host".
ReplyHost host_that_said(std::string_view before_reply) {
  const std::size_t said = before_reply.rfind(" said: ");
  if (said == kNowhere) return {};
  const std::string_view before = before_reply.substr(0, said);
  const std::size_t begin = before.rfind(' ');
  ReplyHost host = read_host(before.substr(begin == kNowhere ? 0 : begin + 1));
  return is_named(host) ? host : ReplyHost{};
}

}  // namespace

Stage stage_of_command(std::string_view command) { return stage_of(command); }

Stage find_stage(std::string_view text, std::size_t reply_offset) {
  const std::string_view before = text.substr(0, reply_offset);
  const std::string_view after = text.substr(reply_offset);
  if (const Stage stage = stage_after(after, "(in reply to "); stage != Stage::kUnknown)
    return stage;
  if (const Stage stage = stage_in_transcript(before); stage != Stage::kUnknown) return stage;
  for (const std::string_view mark :
       {" after ", "while sending ", "while receiving ", "while performing ", "(in reply to "}) {
    if (const Stage stage = stage_after(text, mark); stage != Stage::kUnknown) return stage;
  }
  const bool no_session = before.ends_with("refused to talk to me: ") ||
                          before.starts_with("connect to ") ||
                          before.find(": connect to ") != kNowhere;
  return no_session ? Stage::kConnect : Stage::kUnknown;
}

ReplyHost find_host(std::string_view text, std::size_t reply_offset) {
  const std::string_view before = text.substr(0, reply_offset);
  ReplyHost host = host_before(before, reply_offset < text.size());
  return host.name.empty() ? host_that_said(before) : host;
}

}  // namespace plainbounce

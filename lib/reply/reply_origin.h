// A reply's text -> who said it, in answer to what.
#ifndef PLAINBOUNCE_LIB_REPLY_REPLY_ORIGIN_H_
#define PLAINBOUNCE_LIB_REPLY_REPLY_ORIGIN_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/reply/reply.h"

namespace plainbounce {

// "RCPT TO:<anna@example.com>", "end of DATA" -> the stage; kUnknown: no command is known by it.
// With pipelining, DATA is the last command that was sent, whichever the reply answers.
Stage stage_of_command(std::string_view command);

// `reply_offset`: where the reply's code stands, or the text's length.
Stage find_stage(std::string_view text, std::size_t reply_offset);

struct ReplyHost {
  std::string name;
  std::string address;  // without brackets
};
ReplyHost find_host(std::string_view text, std::size_t reply_offset);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_REPLY_ORIGIN_H_

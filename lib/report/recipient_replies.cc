#include "lib/report/recipient_replies.h"

#include <utility>

namespace plainbounce {

std::vector<Reply> read_replies(const RecipientReport& recipient) {
  std::vector<Reply> replies;
  for (const std::string* const text : {&recipient.diagnostic, &recipient.passage}) {
    Reply reply = parse_reply(*text);
    const bool is_new = replies.empty() || replies.front().text != reply.text;
    if (!reply.text.empty() && is_new) replies.push_back(std::move(reply));
  }
  return replies;
}

}  // namespace plainbounce

#include "lib/report/recipient_replies.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "lib/base/text.h"

namespace plainbounce {
namespace {

std::string_view take(std::string_view text, std::size_t& left) {
  text = cut_utf8(text, std::max(left, kMaxLaterReply));
  left -= std::min(left, text.size());
  return text;
}

}  // namespace

std::vector<Reply> read_replies(const RecipientReport& recipient, std::size_t& left) {
  std::vector<Reply> replies;
  for (const std::string* const text : {&recipient.diagnostic, &recipient.passage}) {
    Reply reply = parse_reply(take(*text, left));
    const bool is_new = replies.empty() || replies.front().text != reply.text;
    if (!reply.text.empty() && is_new) replies.push_back(std::move(reply));
  }
  return replies;
}

}  // namespace plainbounce

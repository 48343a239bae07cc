// A reply's text -> its pieces: what the server always says, and what differs from mail to mail.
#ifndef PLAINBOUNCE_LIB_REPLY_REPLY_PIECES_H_
#define PLAINBOUNCE_LIB_REPLY_REPLY_PIECES_H_

#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

struct ReplyPiece {
  enum class Kind {
    kWord,
    kMark,  // one blank or punctuation mark
    kNumber,
    kAddress,  // mail address
    kHost,
    kIp,
    kLink,
    kId,  // session, queue and message IDs, codes with dots
  };
  Kind kind = Kind::kWord;
  std::string_view text;  // of the text that was split
};

// The pieces are the whole text, in order. Linear and total.
std::vector<ReplyPiece> split_reply(std::string_view text);

// The text without people: "x" for the local part of every address, for what may name somebody in a
// link, and for `local_part` (a recipient's; empty: none) where it stands alone.
std::string without_people(std::string_view text, std::string_view local_part);

// The same for all replies with this wording, whatever numbers, addresses, hosts and IDs it names.
std::string reply_key(std::string_view text);

// RE2 for the sentence that says most: words as they are, the rest generalised. It matches `text`,
// which is one that rules hear (HeardText::text()).
std::string reply_pattern(std::string_view text);

// "mailbox-retired": the first words of the same sentence, in small letters; empty: there are none.
std::string reply_slug(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_REPLY_PIECES_H_

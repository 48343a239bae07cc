// A reply's text -> what the rules' patterns hear of it, with the way back to what was written.
#ifndef PLAINBOUNCE_LIB_REPLY_HEARD_TEXT_H_
#define PLAINBOUNCE_LIB_REPLY_HEARD_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/reply/reply.h"

namespace plainbounce {

// The innermost server's words, the same whoever passed them on. All that matches rules takes this
// type, so that the check of a rule, a draft and the judge can't hear different things.
//  - The codes that stand before each further line of a reply are out: "550-5.7.1 not RFC 5322
//    550-5.7.1 compliant." -> "550-5.7.1 not RFC 5322 compliant.". The first code stays.
//  - Who said it is out, and what the sending server had said itself, since "MAIL FROM" or "HELO"
//    there names no cause: "host mx[192.0.2.1] said: 550 no (in reply to RCPT TO command)", Exim's
//    "SMTP error from remote mail server after RCPT TO:<a@b>: host mx [192.0.2.1]: 550 no",
//    Sendmail's ">>> DATA <<< 550 no" -> "550 no".
//  - Local parts are masked, as no wording of the server's: "spam@" says nothing about the cause.
//  - Typographic quotes, dashes and blanks, and East Asia's wide forms of ASCII, are ASCII's, which
//    patterns are written with. Blanks beside one another are one.
class HeardText {
 public:
  // `text` is UTF-8 with white space collapsed, as Reply::text. Total and linear.
  explicit HeardText(std::string_view text);

  // A reply that parse_reply() has read.
  explicit HeardText(const Reply& reply);

  // For patterns: "550 <x@example.com>: unknown".
  const std::string& text() const { return text_; }

  // text() with the words of links and mail addresses masked, byte for byte at the same place: they
  // are names and parameters, and mean nothing: "see https://xxxxxxx.xxx/xxxx".
  const std::string& words() const { return words_; }

  // The same with its local parts: "550 <anna@example.com>: unknown".
  const std::string& said() const { return said_; }

  // Has it a letter at all? "69" has none.
  bool has_words() const;

  // What of said() stands where text() has `length` bytes from `offset`, both within text().
  std::string_view said_at(std::size_t offset, std::size_t length) const;

 private:
  struct Innermost {
    std::string_view words;
  };
  explicit HeardText(Innermost innermost);

  struct Replaced {
    std::size_t heard;   // where one byte stands for it in text_
    std::size_t said;    // where it begins in said_
    std::size_t length;  // in said_
  };
  struct Said {
    std::size_t offset;  // in said_
    std::size_t length;
  };
  void make_text();
  void replace(Said said, char heard);
  void mask_local_part(std::size_t start, std::size_t end);
  void mask_links();
  std::size_t to_said(std::size_t offset) const;

  std::string said_;
  std::string text_;
  std::string words_;
  std::vector<Replaced> replaced_;  // in order
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPLY_HEARD_TEXT_H_

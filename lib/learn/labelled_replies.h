// A table of replies, each with its cause -> what the learned reader is taught by and measured
// with.
#ifndef PLAINBOUNCE_LIB_LEARN_LABELLED_REPLIES_H_
#define PLAINBOUNCE_LIB_LEARN_LABELLED_REPLIES_H_

#include <string>
#include <string_view>
#include <vector>

#include "lib/knowledge/cause.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {

struct LabelledReply {
  Cause cause = Cause::kUnexplained;
  std::vector<Cause> acceptable;  // others that a reader of the reply may call right
  std::string language;           // BCP 47; empty: unknown
  // wire (a server in SMTP), mta (a mail server in its bounce), groupware, gateway, software,
  // program (a mail program), vendor (a provider's list), bounce, example (of a rule)
  std::string kind;
  std::string source;  // where it was found; "own": written for this project
  std::string host;    // the remote MTA; empty: unknown
  std::string text;
};

// replies.tsv. Throws DataError with file and line.
std::vector<LabelledReply> parse_labelled_replies(std::string_view file, std::string_view tsv);

// All that the model is taught by: those of replies.tsv, and the examples of rules as replies of
// kind "example".
std::vector<LabelledReply> known_replies(std::string_view file, std::string_view tsv,
                                         const std::vector<Rule>& rules);

// Is `cause` right, or acceptable?
bool is_right(Cause cause, const LabelledReply& reply);

// Rules were written from it, so that what they say of it proves nothing.
bool is_known_to_rules(const LabelledReply& reply);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_LEARN_LABELLED_REPLIES_H_

// A bounce's words and its recipients -> what is said of each of them.
//
// The forms in which mail systems say it are one table in recipient_words.cc, a small function
// each; docs/bounce-formats.md says how to add one.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_WORDS_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_WORDS_H_

#include <stop_token>
#include <string_view>
#include <vector>

#include "lib/knowledge/stock_phrases.h"
#include "lib/report/report.h"

namespace plainbounce {

// For recipients of a delivery-status block, which tells most of them itself: sets passage to what
// the text says of the recipient besides; empty: nothing.
void add_passages(std::string_view text, const StockPhrases& phrases,
                  std::vector<RecipientReport>& recipients, const std::stop_token& stop = {});

// For recipients of whom only `words` tell. Sets
//  - diagnostic: the reply that a server gave, or the first words about the address; empty: the
//    words have no form that is known;
//  - passage: everything that may concern the recipient: for one alone the subject and all words,
//    for one of several the lines from where it is named to where another is.
void take_words(std::string_view words, std::string_view subject, const StockPhrases& phrases,
                std::vector<RecipientReport>& recipients, const std::stop_token& stop = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_WORDS_H_

// A bounce's words and the failed addresses -> what is said of each of them.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_WORDS_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_WORDS_H_

#include <string_view>
#include <vector>

#include "lib/knowledge/stock_phrases.h"
#include "lib/report/report.h"

namespace plainbounce {

// Sets diagnostic and passage of each recipient, whose final_recipient is known. `words` and
// `subject` are the bounce's. Reads the words once, whatever the number of recipients.
//  - diagnostic: the reply that a server gave, from its code to the end of the paragraph, or
//    Sendmail's transcript about the address, or the first words below the address; empty: the
//    words have no such form;
//  - passage: everything that may concern the recipient: for one alone the subject and all words,
//    for one of several the lines from where it is named to where another is.
void take_recipient_words(std::string_view words, std::string_view subject,
                          const StockPhrases& phrases, std::vector<RecipientReport>& recipients);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_WORDS_H_

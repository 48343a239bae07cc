// A line or text -> does a mail system's stock phrase stand in it? The phrases are data:
// bounce-words.tsv.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_BOUNCE_WORDS_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_BOUNCE_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

enum class WordsPurpose {
  kFailure,   // tells of a delivery that failed
  kSystem,    // a mail system's own name
  kDaemon,    // a name that no person writes under
  kManager,   // a list manager's name
  kRefusal,   // a list manager's subject, when it doesn't pass a message on
  kAnswer,    // the subject of a person's automatic answer
  kReturned,  // stands above the message that comes back
  kDelay,     // the server goes on trying
  kSuccess,   // the message was delivered
  kContact,   // the addresses near it are for questions
  kStock,     // stands in every bounce, whatever the reason
};

// A row of the table.
struct BounceWords {
  WordsPurpose purpose = WordsPurpose::kFailure;
  std::string_view phrase;   // ASCII letters in lower case
  std::string_view example;  // text in which the phrase stands
};

// Every row, in the table's order. Read once; lives as long as the program.
const std::vector<BounceWords>& bounce_words();

// Does a phrase for that purpose stand in `text`? White space and ASCII case don't count.
bool says(std::string_view text, WordsPurpose purpose);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_BOUNCE_WORDS_H_

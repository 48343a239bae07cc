// A line or text -> does a mail system's stock phrase stand in it? What mail systems say around the
// reason: who speaks, that mail failed, that a message comes back. The data is stock-phrases.tsv.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_STOCK_PHRASES_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_STOCK_PHRASES_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/enum_ids.h"

namespace plainbounce {

// What a phrase tells of the text that it stands in. Each has a stable id for files: "failure".
enum class PhrasePurpose {
  kFailure,     // the subject or the text tells of a delivery that failed
  kSystem,      // a mail system's own name, in From or Return-Path
  kDaemon,      // a name that no person writes under, in From or Return-Path
  kManager,     // a list manager's name, in From
  kRefusal,     // a list manager's subject, when it doesn't pass a message on
  kListNotice,  // a list manager's subject, when it tells its owner of somebody's bounces
  kAnswer,      // the subject of a person's automatic answer
  kReturned,    // the line stands above the message that comes back
  kDelay,       // the server goes on trying
  kSuccess,     // the message was delivered; of a line: to the addresses below it
  kContact,     // addresses in this line, else in the one below it, are for questions, or the
                // sender's
  kStock,       // the sentence stands in every bounce of its server, whatever the reason
  kOrigin,      // the line names the address that the one above it was made from
  kOutput,      // what programs printed while they delivered begins below the line
  kField,       // the name of a header field that holds the addresses that failed
  kLabel,       // the address behind it is the recipient's
  kFooter,      // a scanner, or the sender's house, added the paragraph below the words
};
template <>
inline constexpr auto kIds<PhrasePurpose> = ids_to<PhrasePurpose::kFooter>(
    "failure", "system", "daemon", "manager", "refusal", "list-notice", "answer", "returned",
    "delay", "success", "contact", "stock", "origin", "output", "field", "label", "footer");

struct StockPhrase {
  PhrasePurpose purpose = PhrasePurpose::kFailure;
  std::string phrase;   // UTF-8; white space collapsed, case folded
  std::string example;  // text in which the phrase stands
  std::string file;
  int line = 0;
};

class StockPhrases {
 public:
  // The rows of a table with the columns purpose, phrase and example. Throws DataError: a fault of
  // the file, an unknown purpose, a phrase that is too short to tell anything, or whose example
  // doesn't have it.
  void load(std::string_view file, std::string_view tsv);

  // The [[phrase]] tables of one of the administrator's rule files, after ours; whatever else is in
  // the file isn't looked at. Throws DataError as load() does.
  void load_own(std::string_view file, std::string_view toml);

  // Does a phrase for that purpose stand in `text`? White space and case don't count.
  bool stand_in(std::string_view text, PhrasePurpose purpose) const;

  // In the order in which they were loaded.
  const std::vector<StockPhrase>& all() const { return all_; }

 private:
  void add(StockPhrase phrase);

  std::vector<StockPhrase> all_;
  std::array<std::vector<std::string>, kIds<PhrasePurpose>.size()> by_purpose_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_STOCK_PHRASES_H_

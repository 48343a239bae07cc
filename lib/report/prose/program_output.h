// Exim's "The following text was generated during the delivery attempts" -> what programs printed
// about which address.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_PROGRAM_OUTPUT_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_PROGRAM_OUTPUT_H_

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lib/knowledge/stock_phrases.h"
#include "lib/report/prose/prose_lines.h"

namespace plainbounce {

// Headings between rules name the addresses, "------ anna@example.com ------"; several in a row
// have the text below them in common. A heading may go on in the next line.
class ProgramOutput {
 public:
  // Keeps what is about the `wanted` names (lower case). `lines` must outlive it.
  ProgramOutput(const ProseLines& lines, const StockPhrases& phrases,
                const std::unordered_set<std::string>& wanted, const std::stop_token& stop = {});

  // White space collapsed, at most kMaxPassage. Empty: nothing was printed.
  std::string about(const std::string& name) const;

 private:
  // Of the text: from its first line to before `end`.
  struct Text {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  std::size_t read_headings(std::size_t line, std::vector<std::string_view>& addresses) const;

  const ProseLines& lines_;
  std::unordered_map<std::string, Text> by_name_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_PROGRAM_OUTPUT_H_

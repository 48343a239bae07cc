// A bounce's lines and the failed addresses -> the block of lines that each has to itself.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_BLOCKS_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_BLOCKS_H_

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/report/prose/prose_lines.h"
#include "lib/report/report.h"

namespace plainbounce {

// A block goes from the line that names a recipient to the next one that names another. Whom no
// line names has all lines in common. Recipients are given by their place in the list.
class RecipientBlocks {
 public:
  // Looks for RecipientReport::final_recipient. `lines` must outlive it.
  RecipientBlocks(const ProseLines& lines, const std::vector<RecipientReport>& recipients,
                  const std::stop_token& stop = {});

  // The whole block. Empty: no line names the recipient.
  std::string text(std::size_t recipient);

  // The first reply in it, from its code to the end of the paragraph. Empty: there is none.
  std::string reply(std::size_t recipient);

  // The first words in it after the address. Empty: no line begins with the address.
  std::string words_below(std::size_t recipient) const;

  // Lines that were searched for a reply so far; each at most twice, whatever was asked for.
  std::size_t lines_searched() const { return lines_searched_; }

 private:
  // Where a recipient is named.
  struct Anchor {
    std::size_t line;
    bool leads = false;  // the line begins with the address
  };
  // By the line that a block begins with.
  using Texts = std::unordered_map<std::size_t, std::string>;

  void read_line(std::size_t line);
  void note(std::string_view address, std::size_t line, bool leads);
  bool is_named(std::size_t recipient) const;
  std::size_t block_end(std::size_t line) const;
  std::size_t end_of_paragraph(std::size_t line, std::size_t end) const;
  std::string find_reply(std::size_t begin, std::size_t end);

  const ProseLines& lines_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::vector<Anchor> anchors_;
  std::vector<std::size_t> starts_;  // the anchors' lines, in order
  Texts texts_;
  Texts replies_;
  std::size_t lines_searched_ = 0;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_RECIPIENT_BLOCKS_H_

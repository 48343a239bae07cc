// A bounce's lines -> the addresses that a label says are recipients: "Recipient: bob@example.net",
// a table's column.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_LABELLED_ADDRESSES_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_LABELLED_ADDRESSES_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/knowledge/stock_phrases.h"

namespace plainbounce {

// Takes the lines in their order. The label (kLabel) stands in front of the address, alone in the
// line above it, or at the head of its column; columns are two blanks, a tab or a bar apart.
class LabelledAddresses {
 public:
  // `phrases` must outlive it.
  explicit LabelledAddresses(const StockPhrases& phrases) : phrases_(phrases) {}

  // Views into the line; empty: no label speaks of an address in it.
  std::vector<std::string_view> read(std::string_view line);

 private:
  bool is_label(std::string_view text) const;
  void read_heading(std::string_view line);

  const StockPhrases& phrases_;
  std::optional<std::size_t> column_;  // of the table that the line is in
  std::size_t columns_ = 0;            // of that table; 1: a label without an address
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_LABELLED_ADDRESSES_H_

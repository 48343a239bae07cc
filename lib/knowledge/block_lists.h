// The block lists that servers name in their replies, and where to look an address up in each. The
// data is block-lists.tsv.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_BLOCK_LISTS_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_BLOCK_LISTS_H_

#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

struct BlockList {
  std::string name;                // as its keeper writes it: "Spamhaus XBL"
  std::vector<std::string> words;  // zones and names that stand for it in a reply, in lower case
  std::string lookup;              // the page, as text; empty: it has none
};

class BlockLists {
 public:
  // Throws DataError.
  void load(std::string_view file, std::string_view tsv);

  // The first in the file that has one of its words in `text`, where letters and digits stand
  // neither before nor behind it; null: none. Upper and lower case are alike.
  const BlockList* find(std::string_view text) const;

  const std::vector<BlockList>& all() const { return lists_; }

 private:
  std::vector<BlockList> lists_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_BLOCK_LISTS_H_

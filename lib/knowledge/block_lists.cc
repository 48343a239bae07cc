#include "lib/knowledge/block_lists.h"

#include <algorithm>
#include <array>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

constexpr std::array<std::string_view, 3> kListColumns = {"name", "words", "lookup"};

bool is_word_char(char c) { return is_small_letter(c) || is_digit(c) || (c & 0x80) != 0; }

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word_char(text[at - 1]);
    if (starts && (end == text.size() || !is_word_char(text[end]))) return true;
  }
  return false;
}

}  // namespace

void BlockLists::load(std::string_view file, std::string_view tsv) {
  for (const TableRow& row : parse_table(file, tsv, kListColumns)) {
    BlockList list;
    list.name = row.cells[0];
    list.words = split(ascii_lower(row.cells[1]), ';');
    list.lookup = row.cells[2];
    if (list.name.empty() || list.words.empty()) {
      fail_at(file, row.line, "a block list needs a name and words");
    }
    lists_.push_back(std::move(list));
  }
}

const BlockList* BlockLists::find(std::string_view text) const {
  const std::string lower = ascii_lower(text);
  for (const BlockList& list : lists_) {
    for (const std::string& word : list.words) {
      if (has_word(lower, word)) return &list;
    }
  }
  return nullptr;
}

}  // namespace plainbounce

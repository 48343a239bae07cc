#include "lib/knowledge/known_words.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/embedded.h"
#include "lib/base/tsv.h"
#include "lib/base/words.h"

namespace plainbounce {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Sorted, each once.
const std::vector<std::string_view>& packed() {
  static const std::vector<std::string_view> kWords = lines_of(packed_words().front().content);
  return kWords;
}

// Words that are names, too.
const std::vector<std::string_view>& homonyms() {
  static const std::vector<std::string_view> kNames = [] {
    const EmbeddedFile& file = embedded_file(knowledge_files(), "knowledge/names.tsv");
    constexpr std::array<std::string_view, 2> kColumns = {"name", "also"};
    std::vector<std::string_view> names;
    for (const TableRow& row : parse_table(file.name, file.content, kColumns)) {
      if (row.cells[1] == "word") names.push_back(row.cells[0]);
    }
    return names;
  }();
  return kNames;
}

// "Max", but not "max" and "MAX".
bool is_capitalised(std::string_view word) {
  const auto size = static_cast<std::int32_t>(word.size());
  std::int32_t i = 0;
  UChar32 first = 0;
  UChar32 second = 0;
  U8_NEXT(word.data(), i, size, first);
  if (i < size) U8_NEXT(word.data(), i, size, second);
  return u_isupper(first) && !u_isupper(second);
}

}  // namespace

bool is_known_word(std::string_view word) {
  const std::string folded = fold_word(word);
  if (!std::binary_search(packed().begin(), packed().end(), folded)) return false;
  return !is_capitalised(word) ||
         std::find(homonyms().begin(), homonyms().end(), folded) == homonyms().end();
}

}  // namespace plainbounce

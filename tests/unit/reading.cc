#include "tests/unit/reading.h"

#include "lib/base/embedded.h"

namespace plainbounce {
namespace {

StockPhrases load() {
  StockPhrases phrases;
  const EmbeddedFile& file = embedded_file(knowledge_files(), "knowledge/stock-phrases.tsv");
  phrases.load(file.name, file.content);
  return phrases;
}

}  // namespace

const StockPhrases& built_in_phrases() {
  static const StockPhrases kPhrases = load();
  return kPhrases;
}

}  // namespace plainbounce

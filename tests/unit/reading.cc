#include "tests/unit/reading.h"

#include "lib/base/embedded.h"

namespace plainbounce {
namespace {

StockPhrases load() {
  StockPhrases phrases;
  for (const EmbeddedFile& file : knowledge_files()) {
    if (file.name == "knowledge/stock-phrases.tsv") phrases.load(file.name, file.content);
  }
  return phrases;
}

}  // namespace

const StockPhrases& built_in_phrases() {
  static const StockPhrases kPhrases = load();
  return kPhrases;
}

}  // namespace plainbounce

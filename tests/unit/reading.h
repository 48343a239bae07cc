// Message bytes -> Report, with the stock phrases that are built in.
#ifndef PLAINBOUNCE_TESTS_UNIT_READING_H_
#define PLAINBOUNCE_TESTS_UNIT_READING_H_

#include <string_view>

#include "lib/knowledge/stock_phrases.h"
#include "lib/report/read.h"

namespace plainbounce {

// Read once; lives as long as the program.
const StockPhrases& built_in_phrases();

inline Report read_report(std::string_view message) {
  return read_report(message, built_in_phrases());
}

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_READING_H_

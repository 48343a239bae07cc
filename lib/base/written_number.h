// A number as people and programs write it -> its value: "10,240,000", "1.5", "10 485 760", "1,5".
#ifndef PLAINBOUNCE_LIB_BASE_WRITTEN_NUMBER_H_
#define PLAINBOUNCE_LIB_BASE_WRITTEN_NUMBER_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace plainbounce {

struct WrittenNumber {
  double value = 0;  // where it is in doubt: with the separator taken for a decimal point
  // '.' or ',' where that one separator may part thousands as well ("1.000", "12,500"); 0: no
  // doubt.
  char doubtful = 0;
  double grouped = 0;      // where it is in doubt: with the separator taken to part thousands
  std::size_t length = 0;  // bytes of the text that are the number; more than 0
};

// The number that `text` starts with. Between digits:
// - blanks and apostrophes (' and U+2019) part thousands;
// - the same full stop or comma twice parts thousands, "10.485.760";
// - of two different ones the last, "1.234,5", is the decimal point;
// - one full stop or comma is the decimal point, "1,5", "0.500", unless three digits stand behind
//   it and one to three that aren't 0 before it: that is in doubt.
// Nothing: no digit at the start, thousands that aren't three digits ("1.2.3", "10,24,0"), or more
// digits than 18.
std::optional<WrittenNumber> read_written_number(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_WRITTEN_NUMBER_H_

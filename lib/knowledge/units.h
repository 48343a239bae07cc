// Quantities as servers write them -> bytes, seconds, counts. The units are units.tsv.
//
// What can be read in two ways, and what has a unit that isn't known, is nothing: a fact is dropped
// rather than guessed. A text is upper or lower case alike, and may end in punctuation. Its numbers
// are those of base/written_number.h; where a number is in doubt ("1.000": one, or a thousand?)
//
// - the separator parts thousands in counts, in bytes, and in a number without a unit;
// - a comma parts thousands in kilobytes and seconds, too: programs print a decimal point, people
//   write no three decimals of these;
// - else it is nothing: "1.500 MB", "1,000 MB".
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_UNITS_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_UNITS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/written_number.h"

namespace plainbounce {

struct TableRow;

// An example of units.tsv, which must be read so.
struct UnitExample {
  std::string text;  // "10 Мб"
  bool is_size = false;
  std::uint64_t value = 0;  // bytes or seconds
  int line = 0;             // in the file
};

class Units {
 public:
  // Throws DataError.
  void load(std::string_view file, std::string_view tsv);

  // "25 MB", "26214400", "10,240,000 bytes", "35m", "10 Мб" -> bytes (powers of 1024, as mail
  // servers count). A number without a unit is in bytes, and nothing below 1,000: "10" is more
  // likely to be megabytes. A number in front of a word that is no unit is in bytes from a million
  // on ("10485760 exceeded"), since nobody counts a million of anything larger. Nothing, too: more
  // than an exabyte, or less than a byte.
  std::optional<std::uint64_t> bytes(std::string_view text) const;

  // "00:05:00", "300 seconds", "5 Minuten", "1 hour(s) 25 minute(s)", "2h30m", "60" -> seconds. A
  // clock has hours, minutes and seconds: "05:30" may be either two of them, or a time of the day.
  // Of several numbers each has a unit smaller than the one before. A number without a unit is in
  // seconds.
  std::optional<std::int64_t> seconds(std::string_view text) const;

  const std::vector<UnitExample>& examples() const { return examples_; }

 private:
  using Factors = std::map<std::string, double, std::less<>>;  // by the unit's folded name

  void add_names(std::string_view file, const TableRow& row, double factor);
  void add_examples(std::string_view file, int line, std::string_view cell, bool is_size);
  std::optional<double> seconds_of(const WrittenNumber& number, std::string_view words,
                                   double& factor) const;

  std::vector<UnitExample> examples_;
  Factors sizes_;
  Factors times_;
  std::set<std::string, std::less<>> joints_;  // "and"
};

// "100", "1.000", "1 000" -> how many, from 1 to a thousand million. Nothing: something else behind
// the number.
std::optional<std::int64_t> read_count(std::string_view text);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_UNITS_H_

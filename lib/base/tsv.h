// A tab-separated data file -> rows with named columns.
#ifndef PLAINBOUNCE_LIB_BASE_TSV_H_
#define PLAINBOUNCE_LIB_BASE_TSV_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// One line of the file. The cells view the text that was parsed; "-" stands for an empty cell and
// is given as such.
struct TableRow {
  int line = 0;  // in the file, from 1
  std::vector<std::string_view> cells;
};

// Reads a file whose first line names exactly `columns`, in order; "#" starts a comment line and
// empty lines don't count. Throws DataError with file and line.
std::vector<TableRow> parse_table(std::string_view file, std::string_view tsv,
                                  std::span<const std::string_view> columns);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_TSV_H_

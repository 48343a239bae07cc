#include "lib/base/tsv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"

namespace plainbounce {
namespace {

std::vector<std::string_view> split_cells(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t start = 0;;) {
    const std::size_t tab = line.find('\t', start);
    const std::string_view cell = line.substr(start, tab - start);
    cells.push_back(cell == "-" ? std::string_view() : cell);
    if (tab == std::string_view::npos) return cells;
    start = tab + 1;
  }
}

}  // namespace

std::vector<TableRow> parse_table(std::string_view file, std::string_view tsv,
                                  std::span<const std::string_view> columns) {
  std::vector<TableRow> rows;
  bool in_header = true;
  for (int line_number = 1; !tsv.empty(); ++line_number) {
    const std::string_view line = take_line(tsv);
    if (line.empty() || line.front() == '#') continue;
    TableRow row{line_number, split_cells(line)};
    if (in_header) {
      if (!std::equal(row.cells.begin(), row.cells.end(), columns.begin(), columns.end())) {
        fail_at(file, line_number,
                fmt::format("expected the columns {}", fmt::join(columns, ", ")));
      }
      in_header = false;
    } else if (row.cells.size() != columns.size()) {
      fail_at(file, line_number,
              fmt::format("{} cells, expected {}", row.cells.size(), columns.size()));
    } else {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace plainbounce

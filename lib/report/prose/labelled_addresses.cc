#include "lib/report/prose/labelled_addresses.h"

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/mail/address_scan.h"
#include "lib/report/prose/prose_lines.h"

namespace plainbounce {
namespace {

// Bytes that a label may have: a longer line is a sentence.
constexpr std::size_t kMaxLabel = 60;

// Columns of a table that are told apart.
constexpr std::size_t kMaxColumns = 20;

// Cells of a table's line, as they stand between tabs, bars and runs of blanks.
std::vector<std::string_view> split_cells(std::string_view line) {
  std::vector<std::string_view> cells;
  std::string_view rest = trim(line);
  while (rest.starts_with('|')) rest = trim(rest.substr(1));
  while (!rest.empty() && cells.size() < kMaxColumns) {
    std::size_t end = std::min(rest.find_first_of("\t|"), rest.size());
    end = std::min(end, rest.find("  "));
    const std::string_view cell = trim(rest.substr(0, end));
    if (!cell.empty()) cells.push_back(cell);
    rest.remove_prefix(end);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t|"), rest.size()));
  }
  return cells;
}

// The addresses up to the first that words part from those before it: "anna@example.com, sent by
// ...".
std::vector<std::string_view> first_of_a_list(std::string_view line,
                                              std::vector<std::string_view> addresses) {
  for (std::size_t i = 1; i < addresses.size(); ++i) {
    const char* const end = addresses[i - 1].data() + addresses[i - 1].size();
    const std::string_view between =
        line.substr(static_cast<std::size_t>(end - line.data()),
                    static_cast<std::size_t>(addresses[i].data() - end));
    if (std::any_of(between.begin(), between.end(), is_alphanumeric)) addresses.resize(i);
  }
  return addresses;
}

}  // namespace

std::vector<std::string_view> LabelledAddresses::read(std::string_view line) {
  if (is_empty_line(line) || is_ruled_line(line)) return {};
  const auto addresses = find_addresses(line);
  if (addresses.empty()) {
    read_heading(line);
    return {};
  }
  if (is_label(line.substr(0, static_cast<std::size_t>(addresses.front().data() - line.data())))) {
    return first_of_a_list(line, addresses);
  }
  if (!column_) return {};
  const auto cells = split_cells(line);
  if (cells.size() != columns_) {
    column_.reset();
    return {};
  }
  return find_addresses(cells[*column_]);
}

bool LabelledAddresses::is_label(std::string_view text) const {
  return text.size() <= kMaxLabel && phrases_.stand_in(text, PhrasePurpose::kLabel);
}

// A line without an address ends a table, or begins one.
void LabelledAddresses::read_heading(std::string_view line) {
  column_.reset();
  const auto cells = split_cells(line);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!is_label(cells[i])) continue;
    column_ = i;
    columns_ = cells.size();
    return;
  }
}

}  // namespace plainbounce

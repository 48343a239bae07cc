#include "lib/knowledge/cause.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>
#include <vector>

#include "lib/base/data_error.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

constexpr auto kCauseColumns = std::to_array<std::string_view>(
    {"cause",           "success",       "actor",        "reader_first",
     "about_address",   "domain",        "lasting",      "act_now",
     "own_side",        "of_sender",     "of_next",      "told_if_ours",
     "before_answer",   "may_be_listed", "often_forged", "vague",
     "more_exact_than", "at_mail",       "at_others",    "fault",
     "at_end",          "move",          "meaning"});

// The cells of one row, taken in the columns' order.
class Cells {
 public:
  Cells(std::string_view file, const TableRow& row) : file_(file), row_(row) {}

  std::string_view take() { return row_.cells[next_++]; }

  bool take_flag() {
    const std::string_view cell = take();
    if (!cell.empty() && cell != "yes") fail(cell, "yes or -");
    return !cell.empty();
  }

  template <typename Enum>
  Enum take_required_id() {
    const std::string_view cell = take();
    const auto value = parse_id<Enum>(cell);
    if (!value) fail(cell, fmt::format("one of {}", fmt::join(kIds<Enum>, ", ")));
    return *value;
  }

  // None: "-".
  template <typename Enum>
  std::optional<Enum> take_id() {
    if (!row_.cells[next_].empty()) return take_required_id<Enum>();
    ++next_;
    return std::nullopt;
  }

 private:
  [[noreturn]] void fail(std::string_view cell, std::string_view expected) const {
    fail_at(file_, row_.line,
            fmt::format("{}: \"{}\", expected {}", kCauseColumns[next_ - 1], cell, expected));
  }

  std::string_view file_;
  const TableRow& row_;
  std::size_t next_ = 0;
};

CauseEntry read_entry(Cells& cells) {
  CauseEntry entry;
  entry.success = cells.take_id<Outcome>();
  entry.actor = cells.take_required_id<Actor>();
  entry.reader_first = cells.take_flag();
  entry.about_address = cells.take_flag();
  entry.domain = cells.take_id<Existence>();
  entry.lasting = cells.take_flag();
  entry.act_now = cells.take_flag();
  entry.own_side = cells.take_flag();
  entry.of_sender = cells.take_id<OwnThing>();
  entry.of_next = cells.take_flag();
  entry.told_if_ours = cells.take_id<Cause>();
  entry.before_answer = cells.take_flag();
  entry.may_be_listed = cells.take_flag();
  entry.often_forged = cells.take_flag();
  entry.vague = cells.take_flag();
  entry.more_exact_than = cells.take_id<Cause>();
  entry.at_mail = cells.take_id<Cause>();
  entry.at_others = cells.take_id<Cause>();
  entry.fault = cells.take();
  entry.at_end = cells.take_flag();
  entry.move = cells.take();
  return entry;
}

}  // namespace

Cause read_cause(std::string_view id, std::string_view file, int line) {
  const auto cause = parse_id<Cause>(id);
  if (!cause) fail_at(file, line, fmt::format("no such cause: \"{}\"", id));
  return *cause;
}

void CauseTable::load(std::string_view file, std::string_view tsv) {
  const std::vector<TableRow> rows = parse_table(file, tsv, kCauseColumns);
  for (std::size_t i = 0; i < rows.size() || i < kCauseCount; ++i) {
    const std::string_view expected = id_of(static_cast<Cause>(i));
    if (i >= rows.size()) fail_at(file, 1, fmt::format("no row for \"{}\"", expected));
    Cells cells(file, rows[i]);
    const std::string_view found = cells.take();
    if (i >= kCauseCount || found != expected) {
      fail_at(file, rows[i].line,
              fmt::format("\"{}\", expected \"{}\", as in cause.h", found, expected));
    }
    entries_[i] = read_entry(cells);
    if (cells.take().empty()) fail_at(file, rows[i].line, "meaning: a cause needs one");
  }
}

std::optional<Cause> CauseTable::of_success(Outcome outcome) const {
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    if (entries_[i].success == outcome) return static_cast<Cause>(i);
  }
  return std::nullopt;
}

}  // namespace plainbounce

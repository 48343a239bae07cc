#include "lib/typo/typing_slip.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace plainbounce {
namespace {

using Rows = std::array<std::string_view, 4>;
constexpr std::array<Rows, 3> kKeyboards = {{
    {"1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm"},
    {"1234567890-", "qwertzuiop", "asdfghjkl", "yxcvbnm"},
    {"1234567890-", "azertyuiop", "qsdfghjklm", "wxcvbn"},
}};

// Where the keyboards differ, and what looks the same.
constexpr std::array<std::pair<char, char>, 6> kTwins = {
    {{'y', 'z'}, {'a', 'q'}, {'z', 'w'}, {'0', 'o'}, {'1', 'l'}, {'1', 'i'}}};

// [a][b]: do the keys of these ASCII characters lie side by side?
using Neighbours = std::array<std::array<bool, 128>, 128>;

constexpr void make_neighbours(Neighbours& table, char a, char b) {
  table[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] = true;
  table[static_cast<std::size_t>(b)][static_cast<std::size_t>(a)] = true;
}

// Each row stands half a key further to the right than the one above it.
constexpr void add_row(Neighbours& table, std::string_view row, std::string_view above) {
  for (std::size_t column = 0; column < row.size(); ++column) {
    if (column > 0) make_neighbours(table, row[column], row[column - 1]);
    if (column < above.size()) make_neighbours(table, row[column], above[column]);
    if (column + 1 < above.size()) make_neighbours(table, row[column], above[column + 1]);
  }
}

constexpr Neighbours find_neighbours() {
  Neighbours table{};
  for (const Rows& rows : kKeyboards) {
    // The digits' row isn't added: one digit for another is another name, not a slip.
    for (std::size_t i = 1; i < rows.size(); ++i) add_row(table, rows[i], rows[i - 1]);
  }
  for (const auto& [one, other] : kTwins) make_neighbours(table, one, other);
  return table;
}

constexpr Neighbours kNeighbours = find_neighbours();

// What is left of two words without what they have in common at both ends.
struct Difference {
  std::string_view typed;
  std::string_view meant;
  std::size_t start = 0;  // how much they had in common before it
};

Difference difference_of(std::string_view typed, std::string_view meant) {
  const std::size_t shorter = std::min(typed.size(), meant.size());
  std::size_t start = 0;
  while (start < shorter && typed[start] == meant[start]) ++start;
  std::size_t end = 0;
  while (end < shorter - start && typed[typed.size() - 1 - end] == meant[meant.size() - 1 - end]) {
    ++end;
  }
  return {typed.substr(start, typed.size() - start - end),
          meant.substr(start, meant.size() - start - end), start};
}

// A letter, or several the same, too much.
Slip extra_slip(std::string_view typed, const Difference& difference) {
  const std::string_view extra = difference.typed;
  constexpr std::size_t kMostRepeated = 3;
  if (extra.size() > kMostRepeated) return Slip::kUnlike;
  if (std::any_of(extra.begin(), extra.end(), [&](char c) { return c != extra.front(); })) {
    return Slip::kUnlike;
  }
  const char before = difference.start > 0 ? typed[difference.start - 1] : '\0';
  const std::size_t next = difference.start + extra.size();
  const char after = next < typed.size() ? typed[next] : '\0';
  if (extra.front() == before || extra.front() == after) return Slip::kDoubled;
  if (extra.size() > 1) return Slip::kUnlike;
  const bool beside = (before != '\0' && are_neighbours(extra.front(), before)) ||
                      (after != '\0' && are_neighbours(extra.front(), after));
  return beside ? Slip::kExtra : Slip::kAnyExtra;
}

Slip missing_slip(std::string_view meant, const Difference& difference) {
  if (difference.meant.size() != 1) return Slip::kUnlike;
  const char lost = difference.meant.front();
  const bool doubled = (difference.start > 0 && meant[difference.start - 1] == lost) ||
                       (difference.start + 1 < meant.size() && meant[difference.start + 1] == lost);
  return doubled ? Slip::kUndoubled : Slip::kMissing;
}

// "hh" where "oo" should be.
bool is_wrong_double(std::string_view typed, std::string_view meant, const Difference& difference) {
  const auto& [lost, wanted, start] = difference;
  if (lost.size() != 1 || wanted.size() != 1 || start == 0 || start + 1 >= meant.size()) {
    return false;
  }
  return (lost.front() == typed[start - 1] && wanted.front() == meant[start + 1]) ||
         (lost.front() == typed[start + 1] && wanted.front() == meant[start - 1]);
}

bool is_moved(std::string_view lost, std::string_view wanted) {
  if (lost.size() != 3) return false;
  const bool forward = lost[0] == wanted[2] && lost[1] == wanted[0] && lost[2] == wanted[1];
  const bool back = lost[0] == wanted[1] && lost[1] == wanted[2] && lost[2] == wanted[0];
  return forward || back;
}

Slip single_slip(std::string_view typed, std::string_view meant, const Difference& difference) {
  const auto& [lost, wanted, start] = difference;
  if (lost.empty() && wanted.empty()) return Slip::kNone;
  if (wanted.empty()) return extra_slip(typed, difference);
  if (lost.empty()) return missing_slip(meant, difference);
  if (is_wrong_double(typed, meant, difference)) return Slip::kSwapped;
  if (lost.size() == 1 && wanted.size() == 1) {
    return are_neighbours(lost.front(), wanted.front()) ? Slip::kNeighbour : Slip::kAnyOther;
  }
  if (lost.size() != wanted.size()) return Slip::kUnlike;
  if (lost.size() == 2 && lost[0] == wanted[1] && lost[1] == wanted[0]) return Slip::kSwapped;
  return is_moved(lost, wanted) ? Slip::kMoved : Slip::kUnlike;
}

bool is_likely_rest(const std::string& typed, std::string_view meant) {
  return is_likely(single_slip(typed, meant, difference_of(typed, meant)));
}

// Mends the first slip in each likely way and looks whether one more remains.
bool are_two_slips(std::string_view typed, std::string_view meant, std::size_t at) {
  if (at == 0 || at >= typed.size() || at >= meant.size()) return false;
  std::string mended(typed);
  if (at + 1 < typed.size() && typed[at] == meant[at + 1] && typed[at + 1] == meant[at]) {
    std::swap(mended[at], mended[at + 1]);
    if (is_likely_rest(mended, meant)) return true;
    mended = typed;
  }
  if (are_neighbours(typed[at], meant[at])) {
    mended[at] = meant[at];
    if (is_likely_rest(mended, meant)) return true;
    mended = typed;
  }
  if (typed[at] == typed[at - 1] || are_neighbours(typed[at], typed[at - 1])) {
    mended.erase(at, 1);
    if (is_likely_rest(mended, meant)) return true;
    mended = typed;
  }
  mended.insert(at, 1, meant[at]);
  const Difference rest = difference_of(mended, meant);
  const Slip slip = single_slip(mended, meant, rest);
  return is_likely(slip) && slip != Slip::kMissing;
}

}  // namespace

bool are_neighbours(char a, char b) {
  const auto row = static_cast<unsigned char>(a);
  const auto column = static_cast<unsigned char>(b);
  return row < kNeighbours.size() && column < kNeighbours.size() && kNeighbours[row][column];
}

SlipFound find_slip(std::string_view typed, std::string_view meant) {
  const std::size_t longer = std::max(typed.size(), meant.size());
  if (longer - std::min(typed.size(), meant.size()) > 3) return {};
  const Difference difference = difference_of(typed, meant);
  SlipFound found;
  found.slip = single_slip(typed, meant, difference);
  if (found.slip == Slip::kUnlike && are_two_slips(typed, meant, difference.start)) {
    found.slip = Slip::kTwo;
  }
  found.at_start = difference.start == 0;
  found.at_end = difference.start + difference.meant.size() == meant.size();
  return found;
}

}  // namespace plainbounce

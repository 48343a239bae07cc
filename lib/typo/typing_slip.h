// Two words -> the slip of the hand that makes one of the other.
#ifndef PLAINBOUNCE_LIB_TYPO_TYPING_SLIP_H_
#define PLAINBOUNCE_LIB_TYPO_TYPING_SLIP_H_

#include <string_view>

namespace plainbounce {

enum class Slip {
  kNone,       // the words are the same
  kDoubled,    // a letter repeated, up to three times: "gmaiil"
  kUndoubled,  // of two the same one is missing: "outlok"
  kSwapped,    // two neighbours in each other's place: "gmial"; the wrong letter doubled: "yahho"
  kMoved,      // a letter two places from its own: "icould"
  kNeighbour,  // another key hit that lies beside the right one: "gmsil"
  kMissing,    // "gmil"
  kExtra,      // a second key hit beside the right one: "gmaikl"
  kAnyExtra,   // some other letter too much: "gmabil"
  kAnyOther,   // some other letter in its place: "gmeil"
  kTwo,        // two of the likely ones
  kUnlike,     // none of these
};

constexpr bool is_likely(Slip slip) { return slip >= Slip::kDoubled && slip <= Slip::kExtra; }

struct SlipFound {
  Slip slip = Slip::kUnlike;
  bool at_start = false;  // it hits the first letter
  bool at_end = false;    // it hits the last letter
};

// How `typed` came from `meant`, both ASCII in lower case. At most linear in their lengths.
SlipFound find_slip(std::string_view typed, std::string_view meant);

// Do these keys lie side by side on a QWERTY, QWERTZ or AZERTY keyboard, or in each other's place
// on two of them? '0' and 'o', '1' and 'l' look the same.
bool are_neighbours(char a, char b);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_TYPO_TYPING_SLIP_H_

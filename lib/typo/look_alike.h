// A domain name -> a text that is the same for all names that look the same (UTS #39).
#ifndef PLAINBOUNCE_LIB_TYPO_LOOK_ALIKE_H_
#define PLAINBOUNCE_LIB_TYPO_LOOK_ALIKE_H_

#include <string>
#include <string_view>

namespace plainbounce {

// "gmail.com", "GMAIL.com", "gmаil.com" with a Cyrillic а, "xn--gmil-63d.com" and "gmáil.com" all
// give the same. Accents don't count. Empty: no valid domain name.
std::string look_of(std::string_view domain);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_TYPO_LOOK_ALIKE_H_

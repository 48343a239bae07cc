// The domain of an address that couldn't be reached -> the well-known one that was probably meant.
//
// A proposal must be beyond doubt: domains that are known to exist are never taken for a slip,
// short names and those that are words only for the plainest ones, and of two that are equally near
// neither is proposed.
#ifndef PLAINBOUNCE_LIB_TYPO_MEANT_DOMAIN_H_
#define PLAINBOUNCE_LIB_TYPO_MEANT_DOMAIN_H_

#include <span>
#include <string>
#include <string_view>

#include "lib/base/enum_ids.h"
#include "lib/typo/mail_domains.h"

namespace plainbounce {

// What is known of the domain that was written.
enum class Existence {
  kMissing,   // the name system doesn't know it
  kPossible,  // it may exist and be somebody's: only the plainest slips count
};
template <>
inline constexpr auto kIds<Existence> = ids_to<Existence::kPossible>("missing", "possible");

// The domain that was meant, ASCII in lower case; empty: nothing to propose. `others`: names that
// stand in the same message. Takes some microseconds; a domain beyond 80 bytes isn't looked at.
std::string find_meant_domain(std::string_view domain, Existence existence,
                              const MailDomains& domains, std::span<const MailName> others = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_TYPO_MEANT_DOMAIN_H_

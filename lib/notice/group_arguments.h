// A group of recipients -> what the sentences about it may name.
#ifndef PLAINBOUNCE_LIB_NOTICE_GROUP_ARGUMENTS_H_
#define PLAINBOUNCE_LIB_NOTICE_GROUP_ARGUMENTS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/notice/groups.h"
#include "lib/notice/message_arguments.h"
#include "lib/notice/sources.h"

namespace plainbounce {

// An address, both ways where its domain isn't plain ASCII (list.idn).
std::string say_address(std::string_view address, const Speaker& speaker);

// "a, b and c", or "a, b and 5 more" where there are more than kMaxNamedAddresses.
inline constexpr std::size_t kMaxNamedAddresses = 3;
std::string say_addresses(const std::vector<std::string>& addresses, const Speaker& speaker);

// What patterns about the group may name (message_arguments.h).
Arguments group_arguments(const RecipientGroup& group, const Sources& sources);

// Does nothing speak against the server that answered being the provider's whose words it used?
bool is_providers_own(const Facts& facts, const Sources& sources);

// May a reader who wrote to an address of `domain` be sent on to `new_address`? Whoever answers
// names it, and may name one of his own.
bool may_lead_on(std::string_view new_address, std::string_view domain);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_GROUP_ARGUMENTS_H_

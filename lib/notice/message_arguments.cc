#include "lib/notice/message_arguments.h"

#include <algorithm>
#include <array>

namespace plainbounce {
namespace {

constexpr auto kAlwaysKnown = std::to_array<std::string_view>({
    "count",       // of addresses in the group, or of those to which they are passed on
    "recipients",  // their addresses as a list, shortened
});

constexpr auto kOthers = std::to_array<std::string_view>(
    {// Facts about a group of recipients (diagnosis/diagnosis.h); sizes, times and durations are
     // written out in the language's own form.
     "message_size", "size_limit", "attachment_limit", "recipient_limit", "retry_after", "since",
     "last_attempt", "until", "domain", "provider", "block_list", "refused_address",
     "refused_sender", "new_address", "mechanism", "meant_address", "passed_on_to",
     // About the message and the house.
     "subject", "organisation", "help_name", "help_email", "others", "others_count",
     // Given where a pattern frames other text.
     "label", "advice", "name", "note", "reason", "actor", "address", "ascii", "failed", "delayed",
     "done", "outcome", "cause_id", "confidence", "code", "codes", "status", "meaning",
     "explanation", "standard"});

template <typename Array>
bool contains(const Array& array, std::string_view name) {
  return std::find(array.begin(), array.end(), name) != array.end();
}

}  // namespace

bool is_argument_name(std::string_view name) {
  return contains(kAlwaysKnown, name) || contains(kOthers, name);
}

bool is_always_known(std::string_view name) { return contains(kAlwaysKnown, name); }

}  // namespace plainbounce

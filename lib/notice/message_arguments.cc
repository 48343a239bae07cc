#include "lib/notice/message_arguments.h"

#include <algorithm>
#include <array>

#include "lib/knowledge/facts.h"

namespace plainbounce {
namespace {

constexpr auto kAlwaysKnown = std::to_array<std::string_view>({
    "count",       // of addresses in the group, or of those to which they are passed on
    "recipients",  // their addresses as a list, shortened
    // Whose mail service it was: ours, theirs, or one that isn't known; within a sentence, and as
    // its first words.
    "service",
    "service_first",
});

constexpr auto kOthers = std::to_array<std::string_view>(
    {// About a group of recipients, besides the facts (knowledge/facts.h).
     "attachment_limit", "domain", "passed_on_to",
     "tried_for",            // from the first attempt to the last, as a duration
     "same_domain_address",  // the new address, where it is in the old one's domain

     // About the message and the house.
     "subject", "organisation", "help_name", "help_email",
     "house_domain",  // where the reader is none of the house
     "others", "others_count",
     // Given where a pattern frames other text.
     "label", "advice", "name", "note", "reason", "address", "ascii", "failed", "delayed", "done",
     "outcome", "cause_id", "confidence", "code", "codes", "status", "meaning", "explanation",
     "standard"});

template <typename Array>
bool contains(const Array& array, std::string_view name) {
  return std::find(array.begin(), array.end(), name) != array.end();
}

// Sizes, times and durations are written out in the language's own form.
bool is_fact_argument(std::string_view name) {
  return !name.empty() && std::any_of(kFacts.begin(), kFacts.end(),
                                      [&](const FactEntry& fact) { return fact.argument == name; });
}

}  // namespace

bool is_argument_name(std::string_view name) {
  return contains(kAlwaysKnown, name) || contains(kOthers, name) || is_fact_argument(name);
}

bool is_always_known(std::string_view name) { return contains(kAlwaysKnown, name); }

}  // namespace plainbounce

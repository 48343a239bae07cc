// Facts, written out in the reader's language.
#include "lib/notice/group_arguments.h"

#include <algorithm>

#include "lib/notice/display.h"

namespace plainbounce {
namespace {

void put(Arguments& arguments, std::string_view name, std::string value) {
  if (!value.empty()) arguments.insert_or_assign(std::string(name), std::move(value));
}

void put_text(Arguments& arguments, std::string_view name, std::string_view untrusted) {
  put(arguments, name, shown(untrusted, kMaxShownName));
}

// What a server gives as an address stands in our own sentence, so it must be nothing else.
void put_address(Arguments& arguments, std::string_view name, std::string_view untrusted,
                 const Speaker& speaker) {
  constexpr std::size_t kMaxAddress = 1000;
  if (untrusted.size() > kMaxAddress) return;
  if (untrusted.find_first_of(" \t\r\n") != std::string_view::npos) return;
  put(arguments, name, say_address(untrusted, speaker));
}

void put_moment(Arguments& arguments, std::string_view name, const std::optional<Timestamp>& when,
                const Speaker& speaker) {
  if (when) put(arguments, name, speaker.moment(*when));
}

// Two sizes that differ must not look the same: "25 MB, but at most 25 MB".
void put_sizes(Arguments& arguments, std::optional<std::uint64_t> message_size,
               std::optional<std::uint64_t> size_limit, const Speaker& speaker) {
  // Where no limit is known, a small message is more likely to be measured wrong than to be too
  // big.
  constexpr std::uint64_t kSmall = 1024 * 1024;
  if (message_size && !size_limit && *message_size < kSmall) message_size.reset();
  // A "limit" that the message keeps can't be what it broke.

  if (message_size && size_limit && *message_size <= *size_limit) message_size.reset();
  for (int decimals = 1; decimals <= 6; ++decimals) {
    if (message_size) put(arguments, "message_size", speaker.size(*message_size, decimals));
    if (size_limit) put(arguments, "size_limit", speaker.size(*size_limit, decimals));
    if (!message_size || !size_limit) break;
    if (arguments.at("message_size") != arguments.at("size_limit")) break;
  }
  if (!size_limit || *size_limit < 10 * 1024) return;
  // Base64 makes 4 bytes (and line ends) of 3; a little is left for text and headers.
  const auto usable = static_cast<double>(*size_limit) * 0.72;
  put(arguments, "attachment_limit", speaker.size(static_cast<std::uint64_t>(usable), 0));
}

void put_times(Arguments& arguments, const RecipientGroup& group, const Sources& sources) {
  const Facts& facts = group.facts;
  const auto since = facts.first_attempt ? facts.first_attempt : sources.report.arrival_date;
  put_moment(arguments, "since", since, sources.speaker);
  put_moment(arguments, "last_attempt", facts.last_attempt, sources.speaker);
  put_moment(arguments, "until", facts.retry_until, sources.speaker);
  if (facts.retry_after && *facts.retry_after > 0) {
    put(arguments, "retry_after", sources.speaker.duration(*facts.retry_after));
  }
}

void put_house(Arguments& arguments, const House& house) {
  put_text(arguments, "organisation", house.organisation);
  put_text(arguments, "help_name", house.help_name);
  put_text(arguments, "help_email", house.help_email);
}

}  // namespace

std::string say_address(std::string_view address, const Speaker& speaker) {
  const ShownAddress shown_address = show_address(address, kMaxShownAddress);
  if (shown_address.ascii.empty()) return shown_address.text;
  return speaker.say("list.idn", {{"address", shown_address.text}, {"ascii", shown_address.ascii}});
}

std::string say_addresses(const std::vector<std::string>& addresses, const Speaker& speaker) {
  constexpr std::size_t kAll = 3;   // so many are named
  constexpr std::size_t kSome = 2;  // if there are more, so many
  const std::size_t named = addresses.size() <= kAll ? addresses.size() : kSome;
  std::vector<std::string> some;
  for (std::size_t i = 0; i < named; ++i) some.push_back(say_address(addresses[i], speaker));
  if (named < addresses.size()) {
    const auto rest = static_cast<std::int64_t>(addresses.size() - named);
    some.push_back(speaker.say("list.more", {{"count", rest}}));
  }
  return speaker.list(some);
}

Arguments group_arguments(const RecipientGroup& group, const Sources& sources) {
  Arguments arguments;
  const Facts& facts = group.facts;
  const Speaker& speaker = sources.speaker;
  const std::size_t count =
      group.passed_on_to.empty() ? group.addresses.size() : group.passed_on_to.size();
  arguments.emplace("count", static_cast<std::int64_t>(count));
  arguments.emplace("recipients", say_addresses(group.addresses, speaker));
  put_sizes(arguments, facts.message_size ? facts.message_size : sources.report.returned.size,
            facts.size_limit, speaker);
  if (facts.recipient_limit && *facts.recipient_limit > 0) {
    put(arguments, "recipient_limit", speaker.number(*facts.recipient_limit));
  }
  put_times(arguments, group, sources);
  put(arguments, "domain", show_address(group.domain, kMaxShownName).text);
  if (!facts.provider_is_software) put_text(arguments, "provider", facts.provider_name);
  put_text(arguments, "block_list", facts.block_list);
  put_text(arguments, "refused_address", facts.refused_address);
  put_text(arguments, "mechanism", facts.mechanism);
  put_address(arguments, "refused_sender", facts.refused_sender, speaker);
  // Of several people in one group each has moved somewhere else; their addresses are listed.
  if (group.addresses.size() == 1) {
    put_address(arguments, "new_address", facts.new_address, speaker);
  }
  if (group.addresses.size() == 1 && group.passed_on_to.empty()) {
    put_address(arguments, "meant_address", facts.meant_address, speaker);
  }
  if (!group.passed_on_to.empty()) {
    put(arguments, "passed_on_to", say_addresses(group.passed_on_to, speaker));
  }
  put_house(arguments, sources.house);
  return arguments;
}

}  // namespace plainbounce

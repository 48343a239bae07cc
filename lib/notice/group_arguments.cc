// Facts, written out in the reader's language.
#include "lib/notice/group_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/mail/address.h"
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

// A fact in the reader's own form: put by the type of its field.
class FactArguments {
 public:
  FactArguments(Arguments& arguments, const Speaker& speaker, int size_decimals)
      : arguments_(arguments), speaker_(speaker), size_decimals_(size_decimals) {}

  void add(const FactEntry& fact, const Facts& facts) {
    std::visit([&](auto member) { add(fact, facts.*member); }, fact.member);
  }

 private:
  void add(const FactEntry& fact, const std::optional<std::uint64_t>& bytes) {
    if (bytes) put(arguments_, fact.argument, speaker_.size(*bytes, size_decimals_));
  }
  void add(const FactEntry& fact, const std::optional<std::int64_t>& number) {
    if (!number || *number <= 0) return;
    put(arguments_, fact.argument,
        fact.kind == FactKind::kSeconds ? speaker_.duration(*number) : speaker_.number(*number));
  }
  void add(const FactEntry& fact, const std::optional<Timestamp>& when) {
    if (when) put(arguments_, fact.argument, speaker_.moment(*when));
  }
  void add(const FactEntry& fact, const std::string& text) {
    if (fact.kind == FactKind::kAddress) {
      put_address(arguments_, fact.argument, text, speaker_);
    } else {
      put_text(arguments_, fact.argument, text);
    }
  }
  void add(const FactEntry& /*fact*/, bool /*flag*/) {}

  Arguments& arguments_;
  const Speaker& speaker_;
  int size_decimals_;
};

// The size is told only where it explains something.
std::optional<std::uint64_t> telling_size(const Facts& facts, const Sources& sources) {
  const auto size = facts.message_size ? facts.message_size : sources.report.returned.size;
  // Where no limit is known, a small message is more likely to be measured wrong than to be too
  // big.
  constexpr std::uint64_t kSmall = 1024 * 1024;
  if (size && !facts.size_limit && *size < kSmall) return std::nullopt;
  // A "limit" that the message keeps can't be what it broke.
  if (size && facts.size_limit && *size <= *facts.size_limit) return std::nullopt;
  return size;
}

// How many decimals two sizes that differ need so as not to look the same: "25 MB, but at most 25
// MB".
int decimals_apart(const Facts& facts, const Speaker& speaker) {
  int decimals = 1;
  if (!facts.message_size || !facts.size_limit) return decimals;
  while (decimals < 6 &&
         speaker.size(*facts.message_size, decimals) == speaker.size(*facts.size_limit, decimals)) {
    ++decimals;
  }
  return decimals;
}

// By the clock on the reader's wall, where the message that was sent tells it: servers often keep
// UTC.
void take_readers_clock(const std::optional<Timestamp>& sent, std::optional<Timestamp>& when) {
  if (sent && when) when->utc_offset_seconds = sent->utc_offset_seconds;
}

// What the sentences tell, of what all in the group share.
Facts told_facts(const RecipientGroup& group, const Sources& sources) {
  Facts facts = group.facts;
  facts.message_size = telling_size(facts, sources);
  if (!facts.first_attempt) facts.first_attempt = sources.report.arrival_date;
  for (auto* const when : {&facts.first_attempt, &facts.last_attempt, &facts.retry_until}) {
    take_readers_clock(sources.report.returned.date, *when);
  }
  if (facts.provider_is_software || !is_providers_own(facts, sources)) facts.provider_name.clear();
  if (!group.passed_on_to.empty()) facts.meant_address.clear();
  return facts;
}

// For how long it was tried, in seconds, as exactly as anybody wants to know: "5 days", "26 hours".
// Nothing: not known, or less than a minute.
std::optional<std::int64_t> time_tried(const Facts& facts) {
  if (!facts.first_attempt || !facts.last_attempt) return std::nullopt;
  const std::int64_t seconds = facts.last_attempt->unix_seconds - facts.first_attempt->unix_seconds;
  constexpr auto kUnits = std::to_array<std::int64_t>({86400, 3600, 60});
  for (const std::int64_t unit : kUnits) {
    const bool is_fine = unit == kUnits.back() ? seconds >= unit : seconds >= 2 * unit;
    if (is_fine) return (seconds + unit / 2) / unit * unit;
  }
  return std::nullopt;
}

void put_facts(Arguments& arguments, const RecipientGroup& group, const Sources& sources) {
  const Facts facts = told_facts(group, sources);
  FactArguments put_fact(arguments, sources.speaker, decimals_apart(facts, sources.speaker));
  for (const FactEntry& fact : kFacts) {
    // Of several people in one group each has moved somewhere else; their addresses are listed.
    const bool is_anothers = fact.scope == FactScope::kOwn && group.addresses.size() != 1;
    if (!fact.argument.empty() && !is_anothers) put_fact.add(fact, facts);
  }
  if (const auto tried = time_tried(facts)) {
    put(arguments, "tried_for", sources.speaker.duration(*tried));
  }
  if (group.addresses.size() == 1 && may_lead_on(facts.new_address, group.domain)) {
    put_address(arguments, "same_domain_address", facts.new_address, sources.speaker);
  }
  if (!facts.size_limit || *facts.size_limit < 10 * 1024) return;
  // Base64 makes 4 bytes (and line ends) of 3; a little is left for text and headers.
  const auto usable = static_cast<double>(*facts.size_limit) * 0.72;
  put(arguments, "attachment_limit", sources.speaker.size(static_cast<std::uint64_t>(usable), 0));
}

void put_house(Arguments& arguments, const House& house) {
  put_text(arguments, "organisation", house.organisation);
  put_text(arguments, "help_name", house.help_name);
  put_text(arguments, "help_email", house.help_email);
  put_text(arguments, "house_domain", house.speaks_as);
  // Every domain has one (RFC 5321 section 4.5.1).
  if (!house.speaks_as.empty()) put(arguments, "help_email", "postmaster@" + house.speaks_as);
}

}  // namespace

bool is_providers_own(const Facts& facts, const Sources& sources) {
  return sources.knowledge.providers().may_run(facts.provider, facts.remote_host);
}

bool may_lead_on(std::string_view new_address, std::string_view domain) {
  return !domain.empty() && is_same_domain(domain_of(new_address), domain);
}

std::string say_address(std::string_view address, const Speaker& speaker) {
  const ShownAddress shown_address = show_address(address, kMaxShownAddress);
  if (shown_address.ascii.empty()) return shown_address.text;
  return speaker.say("list.idn", {{"address", shown_address.text}, {"ascii", shown_address.ascii}});
}

std::string say_addresses(const std::vector<std::string>& addresses, const Speaker& speaker) {
  constexpr std::size_t kSome = 2;  // so many are named where they aren't all
  const std::size_t named = addresses.size() <= kMaxNamedAddresses ? addresses.size() : kSome;
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
  const Speaker& speaker = sources.speaker;
  const std::size_t count =
      group.passed_on_to.empty() ? group.addresses.size() : group.passed_on_to.size();
  arguments.emplace("count", static_cast<std::int64_t>(count));
  arguments.emplace("recipients", say_addresses(group.addresses, speaker));
  put_facts(arguments, group, sources);
  put(arguments, "domain", show_address(group.domain, kMaxShownName).text);
  if (!group.passed_on_to.empty()) {
    put(arguments, "passed_on_to", say_addresses(group.passed_on_to, speaker));
  }
  put_house(arguments, sources.house);
  const bool is_outside = group.side == Side::kOurs && sources.is_outside();
  const std::string_view side = is_outside ? "outside" : id_of(group.side);
  for (const std::string_view name : {"service", "service_first"}) {
    put(arguments, name, speaker.say(fmt::format("side.{}.{}", side, name), arguments));
  }
  return arguments;
}

}  // namespace plainbounce

// The vocabulary of facts: what the evidence of a delivery tells besides its cause.
//
// A fact is a field of Facts and its row in kFacts, and everything that treats all facts alike goes
// over these rows: captures, facts.toml, the command line's JSON, groups of recipients, sentences,
// the administrator's part. docs/facts.md says what each tells, and how to add one.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_FACTS_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_FACTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "lib/base/enum_ids.h"
#include "lib/mail/field_value.h"

namespace plainbounce {

// Texts are untrusted; empty or none: not known.
struct Facts {
  std::optional<std::uint64_t> message_size;    // bytes
  std::optional<std::uint64_t> size_limit;      // bytes
  std::optional<std::int64_t> recipient_limit;  // how many recipients one message may have
  std::optional<std::int64_t> retry_after;      // seconds
  std::string limit;  // which limit was met: "messages per hour"; empty: not told
  std::optional<Timestamp> first_attempt;  // since when it was tried
  std::optional<Timestamp> last_attempt;
  std::optional<Timestamp> retry_until;
  std::string remote_host;            // the server that gave the reply
  std::string remote_address;         // its IP address
  std::string provider;               // id in providers.toml
  std::string provider_name;          // "Google (Gmail)"
  bool provider_is_software = false;  // the name is a software's ("Postfix"), not a company's
  std::string block_list;             // a block list's name or zone: "zen.spamhaus.org"
  std::string lookup;           // where that listing can be looked up, as text; never made a link
  std::string refused_address;  // the sending server's IP address that the reply names
  std::string refused_sender;   // the sender address or domain that the reply names
  std::string new_address;      // where the recipient has moved to
  std::string mechanism;        // "SPF", "DKIM", "DMARC", "PTR", "TLS", ...
  std::string meant_address;    // what the sender probably meant: "anna@gmail.com"

  bool operator==(const Facts&) const = default;
};

// What a fact is. A flag says something about another fact, and isn't told by itself.
enum class FactKind { kBytes, kSeconds, kCount, kMoment, kText, kAddress, kFlag };
template <>
inline constexpr auto kIds<FactKind> = ids_to<FactKind::kFlag>("bytes", "seconds", "count",
                                                               "moment", "text", "address", "flag");

// For whom a fact can be told.
enum class FactScope {
  kShared,  // for several recipients at once where it is the same for all of them
  kOwn,     // for one recipient alone
};

using FactMember =
    std::variant<std::optional<std::uint64_t> Facts::*, std::optional<std::int64_t> Facts::*,
                 std::optional<Timestamp> Facts::*, std::string Facts::*, bool Facts::*>;

// A row of kFacts.
struct FactEntry {
  std::string_view name;  // stable: in JSON, in rules and in facts.toml
  FactMember member;
  FactKind kind = FactKind::kText;
  bool captured = false;  // may a pattern's named group be it, and a rule of facts.toml?
  FactScope scope = FactScope::kShared;
  std::string_view argument;  // its name in the sentences of notices; empty: in none
  // The administrator's part tells it under the text of this name in [label] (messages/*.toml);
  // empty: not on a line of its own.
  std::string_view label;
  int line = 0;  // where in that part: lines ascend, and those of the same number stand as here
};

// In the order of the JSON.
inline constexpr auto kFacts = std::to_array<FactEntry>({
    {.name = "message_size",
     .member = &Facts::message_size,
     .kind = FactKind::kBytes,
     .captured = true,
     .argument = "message_size"},
    {.name = "size_limit",
     .member = &Facts::size_limit,
     .kind = FactKind::kBytes,
     .captured = true,
     .argument = "size_limit",
     .label = "size_limit",
     .line = 1},
    {.name = "recipient_limit",
     .member = &Facts::recipient_limit,
     .kind = FactKind::kCount,
     .captured = true,
     .argument = "recipient_limit",
     .label = "recipient_limit",
     .line = 3},
    {.name = "retry_after",
     .member = &Facts::retry_after,
     .kind = FactKind::kSeconds,
     .captured = true,
     .argument = "retry_after",
     .label = "retry_after",
     .line = 3},
    {.name = "limit",
     .member = &Facts::limit,
     .kind = FactKind::kText,
     .captured = true,
     .label = "limit",
     .line = 2},
    {.name = "first_attempt",
     .member = &Facts::first_attempt,
     .kind = FactKind::kMoment,
     .argument = "since",
     .label = "first_attempt",
     .line = 4},
    {.name = "last_attempt",
     .member = &Facts::last_attempt,
     .kind = FactKind::kMoment,
     .argument = "last_attempt",
     .label = "last_attempt",
     .line = 4},
    {.name = "retry_until",
     .member = &Facts::retry_until,
     .kind = FactKind::kMoment,
     .argument = "until",
     .label = "retry_until",
     .line = 4},
    {.name = "remote_host",
     .member = &Facts::remote_host,
     .kind = FactKind::kText,
     .argument = "server"},
    {.name = "remote_address", .member = &Facts::remote_address, .kind = FactKind::kText},
    {.name = "provider", .member = &Facts::provider, .kind = FactKind::kText},
    {.name = "provider_name",
     .member = &Facts::provider_name,
     .kind = FactKind::kText,
     .argument = "provider"},
    {.name = "provider_is_software",
     .member = &Facts::provider_is_software,
     .kind = FactKind::kFlag},
    {.name = "block_list",
     .member = &Facts::block_list,
     .kind = FactKind::kText,
     .captured = true,
     .argument = "block_list",
     .label = "block_list",
     .line = 5},
    {.name = "lookup",
     .member = &Facts::lookup,
     .kind = FactKind::kText,
     .captured = true,
     .label = "lookup",
     .line = 5},
    {.name = "refused_address",
     .member = &Facts::refused_address,
     .kind = FactKind::kText,
     .captured = true,
     .argument = "refused_address",
     .label = "refused_address",
     .line = 5},
    {.name = "refused_sender",
     .member = &Facts::refused_sender,
     .kind = FactKind::kAddress,
     .captured = true,
     .argument = "refused_sender",
     .label = "refused_sender",
     .line = 5},
    {.name = "new_address",
     .member = &Facts::new_address,
     .kind = FactKind::kAddress,
     .captured = true,
     .scope = FactScope::kOwn,
     .argument = "new_address",
     .label = "new_address",
     .line = 7},
    {.name = "mechanism",
     .member = &Facts::mechanism,
     .kind = FactKind::kText,
     .captured = true,
     .argument = "mechanism",
     .label = "mechanism",
     .line = 6},
    {.name = "meant_address",
     .member = &Facts::meant_address,
     .kind = FactKind::kAddress,
     .scope = FactScope::kOwn,
     .argument = "meant_address"},
});

// The bytes that the fields with a row take; a bool takes a word, since what comes after it is
// aligned.
constexpr std::size_t size_of_all_facts() {
  std::size_t size = 0;
  for (const FactEntry& fact : kFacts) {
    size += std::visit(
        [](auto member) {
          constexpr std::size_t kWord = alignof(Facts);
          return (sizeof(Facts{}.*member) + kWord - 1) / kWord * kWord;
        },
        fact.member);
  }
  return size;
}
static_assert(size_of_all_facts() == sizeof(Facts), "each field of Facts has a row in kFacts");

// Null: no fact has this name.
const FactEntry* find_fact(std::string_view name);

// May a pattern's named group, or a rule of facts.toml, be called this?
bool is_captured_fact(std::string_view name);

// A flag always is.
bool is_known(const FactEntry& fact, const Facts& facts);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_FACTS_H_

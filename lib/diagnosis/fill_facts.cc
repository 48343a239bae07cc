#include "lib/diagnosis/fill_facts.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "lib/base/ascii.h"
#include "lib/base/text.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxFactText = 256;

// A sentence's end is no part of a name: "blocked using Spamhaus."
std::string cut(std::string_view text) {
  while (!text.empty() && std::string_view(".,;: ").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return valid_utf8(cut_utf8(text, kMaxFactText));
}

// Puts what a text says into the field of a fact; false: it says nothing.
class FactTaker {
 public:
  FactTaker(std::string_view text, const Units& units) : text_(text), units_(units) {}

  bool take(const FactEntry& fact, Facts& facts) const {
    return std::visit([&](auto member) { return take(fact, facts.*member); }, fact.member);
  }

 private:
  bool take(const FactEntry& /*fact*/, std::optional<std::uint64_t>& value) const {
    const auto bytes = units_.bytes(text_);
    if (bytes) value = bytes;
    return bytes.has_value();
  }
  bool take(const FactEntry& fact, std::optional<std::int64_t>& value) const {
    const auto number = fact.kind == FactKind::kSeconds ? units_.seconds(text_) : read_count(text_);
    if (number) value = number;
    return number.has_value();
  }
  bool take(const FactEntry& /*fact*/, std::string& value) const {
    std::string taken = cut(text_);
    if (taken.empty()) return false;
    value = std::move(taken);
    return true;
  }
  // No words tell a moment or a flag.
  template <typename T>
  bool take(const FactEntry& /*fact*/, T& /*value*/) const {
    return false;
  }

  std::string_view text_;
  const Units& units_;
};

// Is it an address that a server can have been refused for? A block list's answer (127.0.0.4) and
// the server's own address aren't.
bool may_be_refused(std::string_view text, const Facts& facts) {
  const std::string address(text);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) {
    return address != facts.remote_address && address != facts.remote_host;
  }
  return inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 && bytes[0] != 127 &&
         bytes[0] != 0 && address != facts.remote_address && address != facts.remote_host;
}

// Is `told` what a rule has caught of the list's name or of its words? "Exploits", "spamhaus". A
// zone is exact enough.
bool is_piece_of(std::string_view told, const BlockList& list) {
  if (told.find('.') != std::string_view::npos) return false;
  const std::string piece = ascii_lower(told);
  return ascii_lower(list.name).find(piece) != std::string::npos ||
         std::any_of(list.words.begin(), list.words.end(), [&](const std::string& word) {
           return word.find(piece) != std::string::npos;
         });
}

void fill_block_list(std::string_view text, Cause cause, const Knowledge& knowledge, Facts& facts) {
  const BlockLists& lists = knowledge.block_lists();
  if (facts.block_list.empty() && !knowledge.cause(cause).may_be_listed) return;
  const BlockList* list = lists.find(text);
  const bool is_named = !facts.block_list.empty();
  if (is_named && (list == nullptr || !is_piece_of(facts.block_list, *list))) {
    list = lists.find(facts.block_list);
  } else if (list != nullptr) {
    facts.block_list = list->name;
  }
  if (list != nullptr && facts.lookup.empty()) facts.lookup = list->lookup;
}

}  // namespace

void take_captures(const Captures& captures, const Units& units, Facts& facts) {
  for (const auto& [name, text] : captures) {
    const FactEntry* const fact = find_fact(name);
    if (fact != nullptr && fact->captured) FactTaker(text, units).take(*fact, facts);
  }
}

void fill_facts(const HeardText& heard, Cause cause, const Knowledge& knowledge, Facts& facts) {
  for (const FactRule& rule : knowledge.fact_rules()) {
    if (!rule.holds.test(static_cast<std::size_t>(cause)) || is_known(*rule.fact, facts)) continue;
    for (const std::string_view value : rule.values_in(heard.said())) {
      const bool is_refused = rule.fact->member == FactMember(&Facts::refused_address);
      if (is_refused && !may_be_refused(value, facts)) continue;
      if (FactTaker(value, knowledge.units()).take(*rule.fact, facts)) break;
    }
  }
  fill_block_list(heard.said(), cause, knowledge, facts);
}

}  // namespace plainbounce

#include "lib/knowledge/facts.h"

#include <algorithm>

namespace plainbounce {
namespace {

template <typename T>
bool holds_something(const std::optional<T>& value) {
  return value.has_value();
}
bool holds_something(const std::string& value) { return !value.empty(); }
bool holds_something(bool /*flag*/) { return true; }

}  // namespace

const FactEntry* find_fact(std::string_view name) {
  const auto* const found = std::find_if(kFacts.begin(), kFacts.end(),
                                         [&](const FactEntry& fact) { return fact.name == name; });
  return found == kFacts.end() ? nullptr : found;
}

bool is_captured_fact(std::string_view name) {
  const FactEntry* const fact = find_fact(name);
  return fact != nullptr && fact->captured;
}

bool is_known(const FactEntry& fact, const Facts& facts) {
  return std::visit([&](auto member) { return holds_something(facts.*member); }, fact.member);
}

}  // namespace plainbounce

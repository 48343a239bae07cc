#include "lib/knowledge/rules.h"

#include "re2/set.h"

namespace plainbounce {
struct RuleSet::Compiled {};
RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
void RuleSet::load(std::string_view, std::string_view) {}
void RuleSet::compile() {}
std::vector<const Rule*> RuleSet::matches(std::string_view, const RuleContext&) const { return {}; }
std::optional<RuleMatch> RuleSet::best(std::string_view, const RuleContext&) const {
  return std::nullopt;
}
}  // namespace plainbounce

#include "lib/notice/compose_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "lib/notice/compose_turn.h"
#include "lib/notice/group_arguments.h"

namespace plainbounce {
namespace {

// The house's own sentence: in the notice's language where there is one, else as the conf has it.
std::string compose_extra(const RecipientGroup& group, const Sources& sources,
                          const Arguments& arguments) {
  if (sources.is_outside()) return {};
  const std::string cause(id_of(group.cause));
  std::string said = sources.speaker.say("extra." + cause, arguments);
  if (!said.empty()) return said;
  const auto own = sources.house.extra.find(cause);
  return own == sources.house.extra.end() ? "" : own->second;
}

bool is_same(const Advice& one, const Advice& other) {
  return one.turn == other.turn && one.steps == other.steps && one.avoid == other.avoid &&
         one.extra == other.extra;
}

// Groups with the same advice.
struct Sharers {
  const RecipientGroup* first = nullptr;
  std::size_t groups = 0;
  std::int64_t people = 0;
  std::vector<std::string> addresses;
  Advice plural;  // as it is said to several, so that one and two people don't differ
};

std::int64_t people_in(const Arguments& arguments) {
  return std::get<std::int64_t>(arguments.find("count")->second);
}

std::vector<Sharers> find_sharers(const std::vector<RecipientGroup>& groups,
                                  const Sources& sources) {
  constexpr std::int64_t kSeveral = 2;
  std::vector<Sharers> result;
  const std::size_t count = std::min(groups.size(), kMaxGroups);
  for (std::size_t i = 0; i < count; ++i) {
    const RecipientGroup& group = groups[i];
    if (groups.size() > 1 && is_success(group.outcome)) continue;
    Arguments arguments = group_arguments(group, sources);
    const std::int64_t people = people_in(arguments);
    arguments.insert_or_assign("count", kSeveral);
    Advice plural = compose_advice(group, arguments, sources);
    if (plural.empty()) continue;
    auto place = std::find_if(result.begin(), result.end(),
                              [&](const Sharers& each) { return is_same(each.plural, plural); });
    if (place == result.end()) {
      place = result.insert(result.end(), {&group, 0, 0, {}, std::move(plural)});
    }
    ++place->groups;
    place->people += people;
    place->addresses.insert(place->addresses.end(), group.addresses.begin(), group.addresses.end());
  }
  return result;
}

}  // namespace

Advice compose_advice(const RecipientGroup& group, const Arguments& arguments,
                      const Sources& sources) {
  Advice advice;
  advice.is_success = is_success(group.outcome);
  advice.turn = compose_turn(group, arguments, sources);
  for (Step& step : steps_of(group, arguments, sources)) {
    advice.steps.push_back(std::move(step.text));
  }
  advice.avoid = sources.speaker.say(avoid_key(group, sources), arguments);
  advice.extra = compose_extra(group, sources, arguments);
  return advice;
}

std::vector<Advice> compose_shared_advice(const std::vector<RecipientGroup>& groups,
                                          const Sources& sources) {
  const std::vector<Sharers> all = find_sharers(groups, sources);
  std::vector<Advice> result;
  for (const Sharers& sharers : all) {
    Arguments arguments = group_arguments(*sharers.first, sources);
    if (sharers.groups > 1) arguments.insert_or_assign("count", sharers.people);
    Advice advice = compose_advice(*sharers.first, arguments, sources);
    if (all.size() > 1) {
      const std::string names = say_addresses(sharers.addresses, sources.speaker);
      advice.heading = sources.speaker.say("label.steps_for", {{"recipients", names}});
    }
    result.push_back(std::move(advice));
  }
  return result;
}

}  // namespace plainbounce

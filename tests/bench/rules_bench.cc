// How long one reply takes, and how that grows from 100 to 10,000 rules.
//
// Compare the rows of one run with one another: the machine's own speed says nothing.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "lib/diagnosis/diagnose.h"
#include "lib/knowledge/knowledge.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {
namespace {

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

// Every example of every rule: more than a thousand real replies, no two alike.
std::vector<RuleExample> replies() {
  std::vector<RuleExample> examples;
  for (const Rule& rule : knowledge().rules().rules()) {
    examples.insert(examples.end(), rule.examples.begin(), rule.examples.end());
  }
  return examples;
}

// The same reply again and again, as in an outage.
void BM_DiagnoseOneReply(benchmark::State& state) {
  const RuleExample reply = replies().front();
  for (auto _ : state) {
    benchmark::DoNotOptimize(diagnose_text(reply.text, reply.host, knowledge()));
  }
}
BENCHMARK(BM_DiagnoseOneReply);

// The automata grow with what they see, so all were seen once before the clock starts.
void BM_DiagnoseManyReplies(benchmark::State& state) {
  const std::vector<RuleExample> many = replies();
  for (const RuleExample& reply : many) {
    benchmark::DoNotOptimize(diagnose_text(reply.text, reply.host, knowledge()));
  }
  std::size_t i = 0;
  for (auto _ : state) {
    const RuleExample& reply = many[i++ % many.size()];
    benchmark::DoNotOptimize(diagnose_text(reply.text, reply.host, knowledge()));
  }
  state.counters["rules"] = static_cast<double>(knowledge().rules().rules().size());
  state.counters["replies"] = static_cast<double>(many.size());
}
BENCHMARK(BM_DiagnoseManyReplies);

// So many rules, made of the real ones: the first of them, or all of them and then copies that
// match what the originals match, and a word of their own.
const RuleSet& rules_in_number(std::size_t count) {
  static std::map<std::size_t, RuleSet> made;
  const auto [found, is_new] = made.try_emplace(count);
  RuleSet& rules = found->second;
  if (!is_new) return rules;
  const std::vector<Rule>& real = knowledge().rules().rules();
  const std::size_t step = std::max<std::size_t>(1, real.size() / count);
  std::string toml;
  for (std::size_t i = 0; i < count; ++i) {
    const Rule& rule = real[i * step % real.size()];
    toml += fmt::format(
        "[[rule]]\nid = \"r{}\"\ncause = \"mailbox-full\"\n"
        "pattern = \'\'\'(?:{})|house{}word\'\'\'\nexamples = [\"house{}word\"]\n",
        i, std::regex_replace(rule.pattern, std::regex(R"(\(\?P<\w+>)"), "(?:"), i, i);
  }
  rules.load(std::array{RuleFile{"copies.toml", toml}}, Tier::kOwn);
  rules.compile();
  return rules;
}

void BM_MatchAmong(benchmark::State& state) {
  const RuleSet& rules = rules_in_number(static_cast<std::size_t>(state.range(0)));
  std::vector<HeardText> many;
  for (const RuleExample& reply : replies()) many.emplace_back(reply.text);
  for (const HeardText& heard : many) benchmark::DoNotOptimize(rules.matches(heard, {}));
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(rules.matches(many[i++ % many.size()], {}));
  }
}
BENCHMARK(BM_MatchAmong)->RangeMultiplier(10)->Range(100, 10000);

}  // namespace
}  // namespace plainbounce

BENCHMARK_MAIN();

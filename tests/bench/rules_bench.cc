// How long one reply takes, with the built-in rules and with 100 to 10,000 made-up ones.
//
// Compare the rows of one run with one another: the machine's own speed says nothing.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <string>

#include "lib/diagnosis/diagnose.h"
#include "lib/knowledge/knowledge.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {
namespace {

constexpr std::array<const char*, 4> kReplies = {
    "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown in virtual mailbox "
    "table",
    "552-5.2.2 The email account that you tried to reach is over quota. Please direct the "
    "recipient "
    "to https://support.google.com/mail/?p=OverQuotaPerm abc123 - gsmtp",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.example.org",
    "451 4.7.1 Greylisting in action, please come back in 00:05:00",
};

void BM_DiagnoseReply(benchmark::State& state) {
  static const Knowledge kKnowledge = Knowledge::load();
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(diagnose_text(kReplies[i++ % kReplies.size()], "", kKnowledge));
  }
  state.counters["rules"] = static_cast<double>(kKnowledge.rules().rules().size());
}
BENCHMARK(BM_DiagnoseReply);

// Rules such as people write: some words, a gap, some more words, each set different.
std::string made_up_rules(int count) {
  constexpr std::array<const char*, 8> kNouns = {"mailbox", "user",   "sender", "message",
                                                 "server",  "domain", "quota",  "connection"};
  constexpr std::array<const char*, 8> kVerbs = {"rejected", "unknown", "full",    "blocked",
                                                 "exceeded", "denied",  "refused", "expired"};
  std::string toml;
  for (int i = 0; i < count; ++i) {
    const auto n = static_cast<std::size_t>(i);
    const std::string words = fmt::format("{} x{} ", kNouns[n % 8], i);
    toml += fmt::format(
        "[[rule]]\nid = \"r{}\"\ncause = \"mailbox-full\"\n"
        "pattern = '{}.{{0,20}}(?:is|was|has been) {}'\nexamples = [\"{}is {}\"]\n",
        i, words, kVerbs[n / 8 % 8], words, kVerbs[n / 8 % 8]);
  }
  return toml;
}

void BM_MatchAmong(benchmark::State& state) {
  RuleSet rules;
  rules.load("made-up.toml", made_up_rules(static_cast<int>(state.range(0))));
  rules.compile();
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(rules.matches(kReplies[i++ % kReplies.size()], {}));
  }
}
BENCHMARK(BM_MatchAmong)->RangeMultiplier(10)->Range(100, 10000);

}  // namespace
}  // namespace plainbounce

BENCHMARK_MAIN();

// What reading and judging a whole reply costs, and which part of it goes into what.
//
// The replies are those that the model is taught by, each as it came: with what programs wrote
// around it. Compare the rows of one run with one another.
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/judge.h"
#include "lib/diagnosis/second_reader.h"
#include "lib/learn/labelled_replies.h"

namespace plainbounce {
namespace {

const Knowledge& knowledge() {
  static const Knowledge kKnowledge = Knowledge::load();
  return kKnowledge;
}

const std::vector<LabelledReply>& replies() {
  static const std::vector<LabelledReply> kReplies = [] {
    const std::string file = PLAINBOUNCE_SOURCE_DIR "/lib/knowledge/replies.tsv";
    std::ifstream in(file, std::ios::binary);
    const std::string tsv{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return parse_labelled_replies(file, tsv);
  }();
  return kReplies;
}

const std::vector<Hearing>& hearings() {
  static const std::vector<Hearing> kHearings = [] {
    std::vector<Hearing> all;
    for (const LabelledReply& reply : replies()) all.push_back(hear_pasted(reply.text));
    return all;
  }();
  return kHearings;
}

// Calls `judge_one` with one of `all` after another. The automata grow with what they see, so all
// were seen once before the clock starts.
template <typename T, typename JudgeOne>
void run(benchmark::State& state, const std::vector<T>& all, const JudgeOne& judge_one) {
  for (const T& one : all) judge_one(one);
  std::size_t i = 0;
  for (auto _ : state) judge_one(all[i++ % all.size()]);
}

void BM_WholeReply(benchmark::State& state) {
  run(state, replies(), [](const LabelledReply& reply) {
    benchmark::DoNotOptimize(diagnose_text(reply.text, reply.host, knowledge()));
  });
}
BENCHMARK(BM_WholeReply);

void BM_Read(benchmark::State& state) {
  run(state, replies(),
      [](const LabelledReply& reply) { benchmark::DoNotOptimize(hear_pasted(reply.text)); });
}
BENCHMARK(BM_Read);

void BM_JudgeByRules(benchmark::State& state) {
  run(state, hearings(), [](const Hearing& hearing) {
    benchmark::DoNotOptimize(judge_by_rules(hearing, "", knowledge()));
  });
}
BENCHMARK(BM_JudgeByRules);

void BM_JudgeByModel(benchmark::State& state) {
  const Verdict unknown;
  run(state, hearings(), [&](const Hearing& hearing) {
    benchmark::DoNotOptimize(
        knowledge().cause_model().probabilities(weighted_features(hearing, "", &unknown)));
  });
}
BENCHMARK(BM_JudgeByModel);

}  // namespace
}  // namespace plainbounce

BENCHMARK_MAIN();

// What it costs that a worker does the work, beside the work itself: a message goes over, an edit
// comes back. At most 60 microseconds of waiting are meant to be spent on it.
#include <benchmark/benchmark.h>

#include <string>

#include "milter/fork_server.h"
#include "milter/worker_pool.h"

namespace plainbounce {
namespace {

WorkResult take_note(std::string_view message, const Envelope&, const std::stop_token&) {
  Rewrite rewrite;
  rewrite.language = "en";
  rewrite.edit = Edit{message.size() / 2, 500, std::string(16384, 'x'), {}};
  return rewrite;
}

const Envelope kEnvelope{"", {"alice@example.org"}, ""};

void in_process(benchmark::State& state) {
  const std::string message(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(take_note(message, kEnvelope, {}));
}

void by_worker(benchmark::State& state) {
  const ForkServer fork_server = start_fork_server([] { return Crew{take_note, 2, {}, true}; });
  WorkerPool pool(fork_server.control);
  pool.wait_until_loaded();
  const std::string message(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    benchmark::DoNotOptimize(pool.work(message, kEnvelope, deadline));
  }
}

// Bytes of a usual bounce, and of one with a picture returned.
BENCHMARK(in_process)->Arg(5000)->Arg(1000000)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(by_worker)->Arg(5000)->Arg(1000000)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plainbounce

BENCHMARK_MAIN();

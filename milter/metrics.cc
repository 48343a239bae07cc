#include "milter/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <exception>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "lib/rewrite.h"
#include "milter/signals.h"

namespace plainbounce {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Registry;

// Seconds. A notice takes a millisecond or two; the time budget is some seconds.
const prometheus::Histogram::BucketBoundaries kDurations{
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};

// Whoever reaches the port can hold no more than so many connections, and each no longer than so
// long.
constexpr const char* kThreads = "2";
constexpr const char* kConnections = "20";  // that wait for a thread
constexpr const char* kTimeout = "2000";    // milliseconds

Family<Counter>& counters(const std::string& name, const std::string& help, Registry& registry) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

std::unique_ptr<prometheus::Exposer> listen_on(const std::string& address) {
  std::unique_ptr<prometheus::Exposer> exposer;
  std::exception_ptr failure;
  start_without_signals([&] {
    try {
      exposer = std::make_unique<prometheus::Exposer>(std::vector<std::string>{
          "listening_ports", address, "num_threads", kThreads, "connection_queue", kConnections,
          "request_timeout_ms", kTimeout, "enable_keep_alive", "no"});
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) {
    throw std::runtime_error("metrics: can't listen on " + address);
  }
  return exposer;
}

}  // namespace

struct Metrics::Impl {
  explicit Impl(const std::string& listen);

  std::shared_ptr<Registry> registry = std::make_shared<Registry>();
  Family<Counter>& messages =
      counters("plainbounce_messages_total",
               "Messages with the null sender, by what was done with them and why.", *registry);
  Family<Counter>& recipients = counters("plainbounce_recipients_total",
                                         "Recipients in reports, by cause and outcome.", *registry);
  Family<Counter>& notices =
      counters("plainbounce_notices_total", "Notices written, by language.", *registry);
  Counter& unmatched = counters("plainbounce_unmatched_replies_total",
                                "Server replies that no rule knows.", *registry)
                           .Add({});
  Family<Counter>& reloads =
      counters("plainbounce_reloads_total", "Reloads of the configuration, by result.", *registry);
  prometheus::Histogram& duration =
      prometheus::BuildHistogram()
          .Name("plainbounce_duration_seconds")
          .Help("Time spent at the end of a message that may be a report.")
          .Register(*registry)
          .Add({}, kDurations);
  std::unique_ptr<prometheus::Exposer> exposer;  // last: it reads the others
};

Metrics::Impl::Impl(const std::string& listen) {
  prometheus::BuildGauge()
      .Name("plainbounce_build_info")
      .Help("Always 1; the version is a label.")
      .Register(*registry)
      .Add({{"version", std::string(version())}})
      .Set(1);
  // From 0 on: where a series begins with its first event, increase() doesn't see that one.
  for (const char* result : {"succeeded", "failed"}) reloads.Add({{"result", result}});
  messages.Add({{"result", std::string(id_of(Result::kRewritten))}, {"reason", ""}});
  for (const std::string_view reason : kIds<FailOpenReason>) {
    messages.Add(
        {{"result", std::string(id_of(Result::kFailedOpen))}, {"reason", std::string(reason)}});
  }
  exposer = listen_on(listen);
  exposer->RegisterCollectable(registry);
}

Metrics::Metrics(const std::string& listen) : impl_(std::make_unique<Impl>(listen)) {}
Metrics::~Metrics() = default;

void Metrics::count(const MessageRecord& record) {
  if (!record.sender_is_null) return;  // it can't be a DSN
  impl_->messages.Add({{"result", std::string(id_of(record.result))}, {"reason", record.reason}})
      .Increment();
  if (record.fates.empty()) return;
  for (const Fate& fate : record.fates) {
    impl_->recipients
        .Add({{"cause", std::string(fate.cause)}, {"outcome", std::string(fate.outcome)}})
        .Increment();
  }
  if (!record.language.empty()) impl_->notices.Add({{"language", record.language}}).Increment();
  impl_->unmatched.Increment(static_cast<double>(record.unmatched.size()));
  impl_->duration.Observe(std::chrono::duration<double>(record.time).count());
}

void Metrics::count_reload(bool succeeded) {
  impl_->reloads.Add({{"result", succeeded ? "succeeded" : "failed"}}).Increment();
}

}  // namespace plainbounce

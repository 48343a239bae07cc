// What became of each message -> counters that Prometheus reads over HTTP.
#ifndef PLAINBOUNCE_MILTER_METRICS_H_
#define PLAINBOUNCE_MILTER_METRICS_H_

#include <memory>
#include <string>

#include "milter/message_record.h"

namespace plainbounce {

// Serves http://HOST:PORT/metrics from threads of its own, which get no signals. Thread-safe. What
// each metric counts stands in docs/monitoring.md.
class Metrics {
 public:
  // `listen`: "HOST:PORT". Throws std::runtime_error: it can't listen there.
  explicit Metrics(const std::string& listen);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void count(const MessageRecord& record);
  void count_reload(bool succeeded);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_METRICS_H_

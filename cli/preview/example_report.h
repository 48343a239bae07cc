// A cause -> a bounce as a mail server would make it, for `plainbounce preview`.
#ifndef PLAINBOUNCE_CLI_PREVIEW_EXAMPLE_REPORT_H_
#define PLAINBOUNCE_CLI_PREVIEW_EXAMPLE_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/knowledge/cause.h"

namespace plainbounce {

// What is to be shown.
struct ExampleWish {
  std::vector<Cause> causes;  // at least one; with several recipients each in turn
  std::optional<Outcome>
      outcome;  // of failures: failed, gave up or delayed; nothing: the example's
  std::size_t recipients = 1;
  std::string server;    // the name of the mail server that makes the bounce
  std::string house;     // the house's domain
  std::string to;        // whom the bounce is addressed to
  std::int64_t now = 0;  // seconds since 1970
};

struct ExampleReport {
  std::string message;            // lines end LF
  std::string sender;             // of the message that came back, to whom the bounce goes
  std::vector<Cause> causes;      // by recipient, what is to be read from it
  std::vector<Outcome> outcomes;  // likewise
};

// Throws DataError where the wish contradicts itself: a success can't fail.
ExampleReport make_example_report(const ExampleWish& wish);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_PREVIEW_EXAMPLE_REPORT_H_

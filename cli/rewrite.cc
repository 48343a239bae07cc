#include "lib/rewrite.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/input.h"
#include "lib/report/read.h"

namespace plainbounce {
namespace {

// The envelope as far as the message itself tells it: Return-Path is where final delivery notes the
// sender (RFC 5321 section 4.4).
Envelope guess_envelope(const RewriteOptions& options, const Report& report) {
  Envelope envelope;
  envelope.sender = options.sender.value_or(report.return_path);
  envelope.recipients = options.recipients;
  envelope.client_address = options.client;
  if (envelope.recipients.empty()) {
    for (const Mailbox& mailbox : report.to) envelope.recipients.push_back(mailbox.address);
  }
  return envelope;
}

}  // namespace

int run_rewrite(const RewriteOptions& options, const Environment& environment) {
  const std::string message = read_input("-");
  const Config& config = environment.config;
  const Envelope envelope = guess_envelope(options, read_report(message));
  const Rewrite result =
      rewrite(message, envelope, config.policy, config.house, environment.resources);
  const std::string output = result.edit ? apply_edit(message, *result.edit) : message;
  if (std::fwrite(output.data(), 1, output.size(), stdout) != output.size()) {
    throw InputError("standard output: the message couldn't be written whole");
  }
  if (result.edit) return kDone;
  fmt::print(stderr, "plainbounce: left alone: {}\n", leave_reason_id(result.reason));
  return kNothingToDo;
}

}  // namespace plainbounce

#include "lib/rewrite.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/shared_options.h"
#include "lib/notice/display.h"
#include "lib/report/read.h"

namespace plainbounce {
namespace {

struct RewriteOptions {
  EnvironmentOptions environment;
  std::optional<std::string> sender;    // nothing: the Return-Path, else the null sender
  std::vector<std::string> recipients;  // empty: those in To
  std::string client;                   // IP address; empty: this machine
  MessageSource source;
  std::string output;  // folder for the results, which are named like the files; empty: standard
                       // output
};

constexpr std::size_t kMaxDetail = 200;  // characters

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

void write_to(std::FILE* file, const std::string& name, const std::string& message) {
  if (std::fwrite(message.data(), 1, message.size(), file) != message.size() ||
      std::fflush(file) != 0) {
    throw InputError(name + ": the message couldn't be written whole");
  }
}

// Never over a file that is there: it might be the message itself.
void write_new_file(const std::filesystem::path& path, const std::string& message) {
  write_to(open_file(path.string(), "wbx").get(), path.string(), message);
}

Rewrite rewrite_one(const std::string& message, const RewriteOptions& options,
                    const Environment& environment) {
  const Config& config = environment.config;
  const Envelope envelope = guess_envelope(
      options, read_report(message, environment.resources.knowledge.stock_phrases()));
  return rewrite(message, envelope, config.policy, config.house, environment.resources);
}

// "signed: DKIM-Signature"
std::string describe(const Rewrite& result) {
  const std::string_view reason = id_of(result.reason);
  if (result.detail.empty()) return std::string(reason);
  return fmt::format("{}: {}", reason, visible(result.detail, kMaxDetail));
}

int run_rewrite(const RewriteOptions& options, const Environment& environment) {
  int status = kNothingToDo;
  std::size_t written = 0;
  visit_messages(options.source, [&](const InputMessage& message) {
    if (options.output.empty() && written++ > 0) {
      throw InputError(message.name + ": more than one message: --output must name a folder");
    }
    const Rewrite result = rewrite_one(message.bytes, options, environment);
    const std::string output =
        result.edit ? apply_edit(message.bytes, *result.edit) : message.bytes;
    if (options.output.empty()) {
      write_to(stdout, "standard output", output);
    } else {
      const std::filesystem::path name = std::filesystem::path(message.name).filename();
      write_new_file(options.output / name, output);
    }
    if (result.edit) {
      status = kDone;
      if (!options.output.empty()) fmt::print(stderr, "{}: rewritten\n", message.name);
    } else {
      const std::string name = options.output.empty() ? "plainbounce" : message.name;
      fmt::print(stderr, "{}: left alone: {}\n", name, describe(result));
    }
  });
  return status;
}

}  // namespace

Command add_rewrite(CLI::App& app) {
  const auto options = std::make_shared<RewriteOptions>();
  CLI::App* const line = app.add_subcommand("rewrite", "Rewrite bounces as the milter would");
  add_config_file(*line, options->environment.config_file);
  add_source(*line, options->source);
  line->add_option("--output", options->output, "Folder for the results; none: standard output")
      ->check(CLI::ExistingDirectory);
  line->add_option("--sender", options->sender, "Envelope sender; none: the Return-Path");
  line->add_option("--recipient", options->recipients, "Envelope recipients; none: those in To");
  line->add_option("--client", options->client, "IP address that it came from; none: local");
  return {line,
          [options] { return run_rewrite(*options, load_environment(options->environment)); }};
}

}  // namespace plainbounce

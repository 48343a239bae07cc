#include "lib/diagnosis/diagnose.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/json.h"
#include "cli/shared_options.h"
#include "lib/notice/display.h"
#include "lib/notice/language.h"
#include "lib/report/read.h"

namespace plainbounce {
namespace {

struct DiagnoseOptions {
  EnvironmentOptions environment;
  bool json = false;
  MessageSource source;
};

// What is shown of text that a stranger wrote, in characters.
constexpr std::size_t kMaxAddress = 320;
constexpr std::size_t kMaxReply = 2000;

void print_json(const std::string& file, const Report& report, const Diagnosis& diagnosis,
                const Environment& environment) {
  Json json = Json::object();
  json["file"] = file;
  json["kind"] = id_of(report.kind);
  json["language"] =
      choose_language(report, {}, environment.config.house, environment.resources.catalogue)
          .first->language();
  json["recipients"] = Json::array();
  for (const RecipientDiagnosis& recipient : diagnosis.recipients) {
    json["recipients"].push_back(recipient_json(recipient));
  }
  fmt::print("{}", json_line(json));
}

void print_text(const std::string& file, const Report& report, const Diagnosis& diagnosis) {
  fmt::print("{}: {}\n", file, id_of(report.kind));
  for (const RecipientDiagnosis& recipient : diagnosis.recipients) {
    fmt::print("  {}: {}, {} ({}, {}; {})\n", visible(recipient.final_recipient, kMaxAddress),
               id_of(recipient.outcome), id_of(recipient.cause), id_of(recipient.confidence),
               to_string(recipient.evidence), id_of(recipient.actor));
    if (!recipient.reply.text.empty())
      fmt::print("    {}\n", visible(recipient.reply.text, kMaxReply));
  }
}

int run_diagnose(const DiagnoseOptions& options, const Environment& environment) {
  int status = kNothingToDo;
  visit_messages(options.source, [&](const InputMessage& message) {
    const Report report =
        read_report(message.bytes, environment.resources.knowledge.stock_phrases());
    const Diagnosis diagnosis = diagnose(report, environment.resources.knowledge);
    if (report.kind != MessageKind::kNotABounce) status = kDone;
    if (options.json) {
      print_json(message.name, report, diagnosis, environment);
    } else {
      print_text(message.name, report, diagnosis);
    }
  });
  return status;
}

}  // namespace

Command add_diagnose(CLI::App& app) {
  const auto options = std::make_shared<DiagnoseOptions>();
  CLI::App* const line =
      app.add_subcommand("diagnose", "Say for each recipient of a bounce why it failed");
  add_config_file(*line, options->environment.config_file);
  line->add_flag("--json", options->json, "One JSON object per message");
  add_source(*line, options->source);
  return {line,
          [options] { return run_diagnose(*options, load_environment(options->environment)); }};
}

}  // namespace plainbounce

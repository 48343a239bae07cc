#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/json.h"
#include "cli/shared_options.h"
#include "lib/base/ascii.h"
#include "lib/explain/code_pattern.h"
#include "lib/explain/explain_code.h"
#include "lib/explain/nearest_code.h"

namespace plainbounce {
namespace {

struct CodesOptions {
  EnvironmentOptions environment;
  bool json = false;
  std::optional<std::string> code;  // as CodePattern::parse() takes it; nothing: all
};

Json cause_json(const std::optional<Cause>& cause) {
  return cause ? Json(id_of(*cause)) : Json(nullptr);
}

// What both kinds of rows have; `kind` is "reply" or "status".
Json row_json(const std::string& code, const char* kind, const auto& row) {
  Json json = Json::object();
  json["code"] = code;
  json["kind"] = kind;
  json["meaning"] = row.meaning;
  json["explanation"] = row.explanation;
  json["source"] = row.standard;
  json["cause"] = cause_json(row.cause);
  json["reliability"] = id_of(row.reliability);
  return json;
}

void add_related(Json& json, const CodeRows& row, const Knowledge& knowledge) {
  json["related"] = related_codes(row, knowledge.codes());
}

void print_json(const CodeRows& rows, const Knowledge& knowledge) {
  for (const ReplyCodeEntry* const row : rows.replies) {
    Json json = row_json(fmt::format("{:03}", row->code), "reply", *row);
    json["nature"] = id_of(row->kind);
    add_related(json, {{row}, {}}, knowledge);
    fmt::print("{}", json_line(json));
  }
  for (const StatusCodeEntry* const row : rows.statuses) {
    Json json = row_json(row->code(), "status", *row);
    json["cause_if_temporary"] = cause_json(row->cause_for_class(4));
    json["provider"] = row->provider;
    const Provider* const provider = knowledge.providers().by_id(row->provider);
    json["provider_name"] = provider == nullptr ? "" : provider->name;
    add_related(json, {{}, {row}}, knowledge);
    fmt::print("{}", json_line(json));
  }
}

int run_codes(const CodesOptions& options, const Environment& environment) {
  const auto& [knowledge, catalogue] = environment.resources;
  const auto pattern = options.code ? CodePattern::parse(trim(*options.code)) : std::nullopt;
  if (options.code && !pattern && !resembles_code(trim(*options.code))) {
    throw InputError("CODE: expected one like 550, 5.7.26 or X.7.1, or a part: 5, 55x, 5.7, 4.x.x");
  }
  CodeRows rows;
  if (pattern) rows = pattern->find(knowledge.codes());
  if (!options.code) rows = all_rows(knowledge.codes());
  const std::string& language = environment.config.house.language;
  if (rows.empty()) {
    fmt::print(stderr, "{}",
               explain_code(trim(*options.code), rows, knowledge, catalogue, language));
    return kNothingToDo;
  }
  if (options.json) {
    print_json(rows, knowledge);
  } else if (pattern && pattern->is_exact()) {
    fmt::print("{}", explain_code(trim(*options.code), rows, knowledge, catalogue, language));
  } else {
    fmt::print("{}", list_codes(rows, knowledge));
  }
  return kDone;
}

}  // namespace

Command add_codes(CLI::App& app) {
  const auto options = std::make_shared<CodesOptions>();
  CLI::App* const line =
      app.add_subcommand("codes", "List the known reply and status codes, or explain one");
  add_config_file(*line, options->environment.config_file);
  line->add_flag("--json", options->json, "One JSON object per meaning");
  add_language(*line, options->environment);
  line->add_option("CODE", options->code, "550, 5.7.26, X.7.1; 5, 55x, 5.7, 4.x.x: all like it");
  return {line, [options] { return run_codes(*options, load_environment(options->environment)); }};
}

}  // namespace plainbounce

#include "lib/explain/explain.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/json.h"
#include "cli/shared_options.h"
#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/explain/trace.h"

namespace plainbounce {
namespace {

struct ExplainOptions {
  EnvironmentOptions environment;
  bool json = false;
  bool trace = false;               // how the cause is found, instead of the explanation
  bool lines = false;               // one reply per line of standard input: TEXT [TAB HOST]
  std::string host;                 // the server that gave the reply; empty: unknown
  std::optional<std::string> text;  // nothing: all of standard input
};

void explain_one(std::string_view text, std::string_view host, const ExplainOptions& options,
                 const Environment& environment) {
  const auto& [knowledge, catalogue] = environment.resources;
  if (options.trace) {
    fmt::print("{}", trace(text, host, knowledge));
    return;
  }
  const RecipientDiagnosis diagnosis = diagnose_text(text, host, knowledge);
  const Explanation explanation =
      explain(diagnosis, knowledge, catalogue, environment.config.house.language);
  if (!options.json) {
    fmt::print("{}", explanation.text);
    return;
  }
  Json json = Json::object();
  json["text"] = valid_utf8(text);
  json.update(reply_json(diagnosis));
  json["nature"] = id_of(explanation.nature);
  json["explanation"] = explanation.text;
  fmt::print("{}", json_line(json));
}

// "TEXT" or "TEXT<TAB>HOST".
void explain_line(std::string_view line, const ExplainOptions& options,
                  const Environment& environment) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t tab = line.find('\t');
  const std::string_view host = tab == std::string_view::npos ? options.host : line.substr(tab + 1);
  explain_one(line.substr(0, tab), trim(host), options, environment);
}

int explain_lines(const ExplainOptions& options, const Environment& environment) {
  const std::string input = read_input("-");
  int status = kNothingToDo;
  for (std::string_view rest = input; !rest.empty(); status = kDone) {
    const std::size_t end = rest.find('\n');
    explain_line(rest.substr(0, end), options, environment);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return status;
}

int run_explain(const ExplainOptions& options, const Environment& environment) {
  if (options.lines && options.text) throw InputError("--lines reads standard input: give no TEXT");
  if (options.lines) return explain_lines(options, environment);
  const std::string text = options.text ? *options.text : read_input("-");
  if (trim(text).empty()) {
    fmt::print(stderr, "plainbounce: there is no reply to explain\n");
    return kNothingToDo;
  }
  explain_one(text, options.host, options, environment);
  return kDone;
}

}  // namespace

Command add_explain(CLI::App& app) {
  const auto options = std::make_shared<ExplainOptions>();
  CLI::App* const line =
      app.add_subcommand("explain", "Explain a server's reply, or a reply or status code");
  add_config_file(*line, options->environment.config_file);
  CLI::Option* const json = line->add_flag("--json", options->json, "One JSON object per reply");
  line->add_flag("--trace", options->trace, "Show how the cause is found")->excludes(json);
  line->add_flag("--lines", options->lines,
                 "One reply per line of standard input, optionally a tab and the host");
  add_language(*line, options->environment);
  line->add_option("--host", options->host, "The server that gave the reply");
  line->add_option_function<std::vector<std::string>>(
      "TEXT",
      [to = options.get()](const std::vector<std::string>& words) {
        to->text = fmt::format("{}", fmt::join(words, " "));
      },
      "The reply; none: standard input");
  return {line,
          [options] { return run_explain(*options, load_environment(options->environment)); }};
}

}  // namespace plainbounce

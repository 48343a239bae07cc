#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/shared_options.h"
#include "lib/base/own_files.h"
#include "lib/learn/lessons.h"
#include "lib/learn/own_replies.h"

namespace plainbounce {
namespace {

struct LearnOptions {
  ConfigFile config_file;
  std::string own;  // FILE
  std::string replies = PLAINBOUNCE_REPLIES;
  std::string output;
};

// Written beside its place and moved there, so that a milter never reads half of it.
void replace_file(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path written = path.string() + ".new";
  std::ofstream out(written, std::ios::binary);
  out << bytes;
  out.close();
  if (!out) throw InputError(fmt::format("{}: can't be written", written.string()));
  std::filesystem::rename(written, path);
}

int run_learn(const LearnOptions& options) {
  Config config = load_config(options.config_file);
  config.model.clear();  // it is made here, and may not be there yet
  const Knowledge knowledge = std::move(load_resources(config).knowledge);
  const Calibration calibration = knowledge.cause_model().calibration();
  std::vector<LabelledReply> replies =
      known_replies(options.replies, read_named_file(options.replies), knowledge.rules().rules());
  const std::vector<LabelledReply> own = parse_own_replies(options.own, read_input(options.own));
  if (own.empty()) return kNothingToDo;
  replies.insert(replies.end(), own.begin(), own.end());
  CauseModel::Parameters parameters = train(make_lessons(replies, knowledge));
  parameters.calibration = calibration;
  replace_file(options.output, CauseModel::to_bytes(parameters));
  return kDone;
}

}  // namespace

Command add_learn(CLI::App& app) {
  const auto options = std::make_shared<LearnOptions>();
  CLI::App* const line = app.add_subcommand("learn", "Teach the learned model replies of your own");
  add_config_file(*line, options->config_file);
  line->add_option("--replies", options->replies, "The replies that it knows");
  line->add_option("--output", options->output, "Where the model goes")->required();
  line->add_option("FILE", options->own,
                   "Lines of a cause, a tab, and a reply; - is standard input")
      ->required();
  return {line, [options] { return run_learn(*options); }};
}

}  // namespace plainbounce

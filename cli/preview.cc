#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/preview/example_report.h"
#include "cli/preview/send_mail.h"
#include "cli/shared_options.h"
#include "lib/base/nearest_word.h"
#include "lib/mail/entity.h"
#include "lib/notice/display.h"
#include "lib/notice/links.h"
#include "lib/notice/readers.h"
#include "lib/rewrite.h"

namespace plainbounce {
namespace {

struct PreviewOptions {
  EnvironmentOptions environment;
  std::vector<std::string> causes;
  std::string outcome;         // empty: the example's own
  std::size_t recipients = 0;  // 0: one for each cause
  std::string html;            // file, or "-"; empty: not asked for
  std::string mail;            // address; empty: not asked for
  bool text = false;
};

constexpr std::size_t kMaxPart = std::size_t{1} << 20;

template <typename Enum>
Enum known(std::string_view what, const std::string& id) {
  if (const auto value = parse_id<Enum>(id)) return *value;
  const std::vector<std::string_view> ids(kIds<Enum>.begin(), kIds<Enum>.end());
  throw InputError(
      fmt::format("{}: \"{}\" is none; the nearest one is {}", what, id, nearest(id, ids)));
}

// The machine's own name, where that has a domain.
std::string server_name(const Config& config) {
  if (!config.policy.own_domains.empty()) return "mx." + config.policy.own_domains.front();
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "mx.example.org";
  const std::string host = name.data();
  return host.find('.') == std::string::npos ? "mx.example.org" : host;
}

ExampleWish wish_of(const PreviewOptions& options, const Config& config) {
  ExampleWish wish;
  for (const std::string& cause : options.causes)
    wish.causes.push_back(known<Cause>("CAUSE", cause));
  if (!options.outcome.empty()) wish.outcome = known<Outcome>("--outcome", options.outcome);
  wish.recipients = options.recipients == 0 ? wish.causes.size() : options.recipients;
  wish.server = server_name(config);
  wish.house = contact_domain(config.policy.own_domains, wish.server);
  wish.to = options.mail.empty() ? "maria.lind@" + wish.house : options.mail;
  wish.now = std::time(nullptr);
  return wish;
}

// The first part of that type, at whatever depth, as its reader sees it.
std::optional<std::string> find_part(std::string_view bytes, std::string_view type) {
  const Entity entity = read_entity(bytes);
  if (entity.type.name == type) return decode_content(entity, kMaxPart);
  if (!entity.type.is_multipart()) return std::nullopt;
  for (const std::string_view part : split_multipart(entity.content, entity.type.boundary).parts) {
    if (auto found = find_part(part, type)) return found;
  }
  return std::nullopt;
}

void print_to(const std::string& path, const std::string& content) {
  const OpenFile opened = path == "-" ? OpenFile() : open_file(path, "wb");
  std::FILE* const file = opened ? opened.get() : stdout;
  if (std::fwrite(content.data(), 1, content.size(), file) != content.size() ||
      std::fflush(file) != 0) {
    throw InputError(path + ": the notice couldn't be written whole");
  }
}

// The house's own rules may read an example as something else.
void tell_differences(const ExampleReport& example, const Diagnosis& diagnosis) {
  for (std::size_t i = 0; i < diagnosis.recipients.size() && i < example.causes.size(); ++i) {
    const RecipientDiagnosis& read = diagnosis.recipients[i];
    if (read.cause == example.causes[i] && read.outcome == example.outcomes[i]) continue;
    fmt::print(stderr, "plainbounce: {} is read as {} ({})\n", id_of(example.causes[i]),
               id_of(read.cause), id_of(read.outcome));
  }
}

void show(const std::string& message, const PreviewOptions& options) {
  if (!options.mail.empty()) {
    send_mail(message, options.mail);
  } else if (!options.html.empty()) {
    print_to(options.html, find_part(message, "text/html").value_or(""));
  } else {
    print_to("-", find_part(message, "text/plain").value_or(""));
  }
}

int run_preview(const PreviewOptions& options, Environment environment) {
  Config& config = environment.config;
  // What --lang says holds for every reader.
  if (!options.environment.language.empty()) config.house.languages.clear();
  const ExampleWish wish = wish_of(options, config);
  const ExampleReport example = make_example_report(wish);
  const Envelope envelope{.recipients = {example.sender}, .mta_name = wish.server};
  const Rewrite result =
      rewrite(example.message, envelope, config.policy, config.house, environment.resources);
  if (!result.edit) {
    fmt::print(stderr, "plainbounce: left alone: {}\n", id_of(result.reason));
    return kNothingToDo;
  }
  tell_differences(example, result.diagnosis);
  show(apply_edit(example.message, *result.edit), options);
  return kDone;
}

std::string refuse_bad_address(const std::string& address) {
  return may_be_mailto(address) && !address.starts_with('-') ? "" : "no e-mail address in ASCII";
}

}  // namespace

Command add_preview(CLI::App& app) {
  const auto options = std::make_shared<PreviewOptions>();
  CLI::App* const line = app.add_subcommand("preview", "Show what notices will look like");
  add_config_file(*line, options->environment.config_file);
  line->add_option("CAUSE", options->causes, "Causes, as in the log")->required();
  line->add_option("--outcome", options->outcome, "failed, gave-up or delayed");
  line->add_option("--recipients", options->recipients, "How many; none: one for each cause")
      ->check(CLI::Range(1, 1000));
  add_language(*line, options->environment);
  CLI::Option* const html = line->add_option("--html", options->html, "File for the HTML; -: here");
  CLI::Option* const text = line->add_flag("--text", options->text, "Print the text; the default");
  CLI::Option* const mail = line->add_option("--mail", options->mail, "Send the bounce there");
  mail->check(refuse_bad_address)->excludes(html)->excludes(text);
  html->excludes(text);
  return {line,
          [options] { return run_preview(*options, load_environment(options->environment)); }};
}

}  // namespace plainbounce

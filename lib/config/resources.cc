#include "lib/config/resources.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "lib/base/data_error.h"
#include "lib/base/own_files.h"

namespace plainbounce {
namespace {

void refuse_unknown_languages(const House& house, const Catalogue& catalogue) {
  refuse_unknown_language("notice.language", house.language, catalogue);
  refuse_unknown_language("notice.second_language", house.second_language, catalogue);
  for (const auto& [reader, language] : house.languages) {
    refuse_unknown_language(fmt::format("notice.languages.\"{}\"", reader), language, catalogue);
  }
}

}  // namespace

void refuse_unknown_language(std::string_view key, std::string_view language,
                             const Catalogue& catalogue) {
  if (language.empty() || catalogue.find_own(language) != nullptr) return;
  throw ConfigError(fmt::format("{}: there are no notices in \"{}\"; the languages are {}", key,
                                language, fmt::join(catalogue.languages(), ", ")));
}

void refuse_errors(const std::vector<RuleFinding>& findings) {
  std::string errors;
  for (const RuleFinding& finding : findings) {
    if (finding.kind != RuleFinding::Kind::kError) continue;
    if (!errors.empty()) errors += '\n';
    errors += to_string(finding);
  }
  if (!errors.empty()) throw DataError(errors);
}

Resources load_unchecked_resources(const Config& config) {
  Catalogue catalogue = Catalogue::load();
  const auto messages = existing_messages_directory(config);
  if (!messages.empty()) catalogue.add_messages(messages);
  const auto templates = existing_templates_directory(config);
  if (!templates.empty()) catalogue.replace_templates(templates);
  refuse_unknown_languages(config.house, catalogue);
  Knowledge knowledge = Knowledge::load(existing_rules_directory(config), config.mail_domains);
  knowledge.set_own_hosts(OwnHosts(config.own_hosts));
  if (!config.model.empty()) {
    knowledge.set_cause_model(
        CauseModel::parse(config.model.string(), read_own_file(config.model)));
  }
  return {std::move(knowledge), std::move(catalogue)};
}

Resources load_resources(const Config& config) {
  Resources resources = load_unchecked_resources(config);
  refuse_errors(check_examples(resources.knowledge));
  return resources;
}

}  // namespace plainbounce

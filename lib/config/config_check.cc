#include "lib/config/config_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <string_view>
#include <system_error>

#include "lib/config/resources.h"
#include "lib/config/socket_group.h"
#include "lib/workshop/rule_check.h"

namespace plainbounce {
namespace {

std::string file_name(const std::optional<std::filesystem::path>& file) {
  std::error_code ignored;
  if (file) return file->string();
  const bool exists = std::filesystem::exists(kDefaultConfigFile, ignored);
  return exists ? kDefaultConfigFile : fmt::format("defaults (no {})", kDefaultConfigFile);
}

std::string describe_rules(const Config& config, const Knowledge& knowledge) {
  const auto own = knowledge.own_rules();
  const std::size_t built_in = knowledge.rules().rules().size() - own.size();
  const std::filesystem::path directory = existing_rules_directory(config);
  if (directory.empty()) return fmt::format("{} built in", built_in);
  std::set<std::string_view> files;
  for (const StockPhrase& phrase : knowledge.own_phrases()) files.insert(phrase.file);
  std::size_t examples = 0;
  for (const Rule& rule : own) {
    files.insert(rule.file);
    examples += rule.examples.size();
  }
  const std::size_t phrases = knowledge.own_phrases().size();
  return fmt::format("{} built in; {} of your own, with {} examples,{} in {} files of {}", built_in,
                     own.size(), examples,
                     phrases == 0 ? "" : fmt::format(" and {} phrases,", phrases), files.size(),
                     directory.string());
}

// Whom notices are for, and what others get.
std::string describe_readers(const Config& config) {
  const auto& own = config.policy.own_domains;
  const std::string domains =
      own.empty() ? "the mail server's own domain" : fmt::format("{}", fmt::join(own, ", "));
  const bool leaves = config.policy.outside == OutsideReaders::kLeave;
  return fmt::format("those of {}; others {}", domains,
                     leaves ? "get the bounce as it was" : "get a neutral notice");
}

// Whom notices name for help.
std::string describe_help(const Config& config) {
  const House& house = config.house;
  std::string named;
  for (const std::string& each :
       {house.help_name, house.help_email, house.help_phone, house.help_url}) {
    if (!each.empty()) named += (named.empty() ? "" : ", ") + each;
  }
  const bool has_address = named.empty() || !house.help_email.empty();
  const bool answered = has_address && config.policy.reply_to == ReplyTo::kHelpDesk;
  if (named.empty()) named = "the postmaster of the mail server's own domain";
  return named + (answered ? "; answers go there" : "");
}

}  // namespace

ConfigCheck check_config(const std::optional<std::filesystem::path>& file, const Config& config) {
  if (!config.socket_group.empty()) group_id(config.socket_group);
  const Resources resources = load_unchecked_resources(config);
  const Knowledge& knowledge = resources.knowledge;
  const Catalogue& catalogue = resources.catalogue;
  const std::vector<RuleFinding> findings = check_rules(knowledge);
  refuse_errors(findings);
  ConfigCheck check;
  for (const RuleFinding& finding : findings) check.warnings += to_string(finding) + "\n";
  check.summary = fmt::format(
      "{}: ok\n  listens on: {}\n  language: {}\n  readers: {}\n  help: {}\n  rules: {}\n",
      file_name(file), to_string(config.listen),
      catalogue.messages(config.house.language).language(), describe_readers(config),
      describe_help(config), describe_rules(config, knowledge));
  return check;
}

}  // namespace plainbounce

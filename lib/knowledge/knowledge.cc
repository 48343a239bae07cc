#include "lib/knowledge/knowledge.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/base/own_files.h"
#include "lib/knowledge/provider_codes.h"
#include "lib/reply/reply_layers.h"

namespace plainbounce {
Knowledge Knowledge::load(const std::filesystem::path& rules_directory,
                          std::span<const std::string> own_domains) {
  Knowledge knowledge;
  const EmbeddedFile* facts = nullptr;
  const EmbeddedFile* provider_codes = nullptr;
  std::vector<RuleFile> rule_files;
  for (const EmbeddedFile& file : knowledge_files()) {
    if (file.name == "knowledge/causes.tsv") {
      knowledge.causes_.load(file.name, file.content);
    } else if (file.name == "knowledge/reply-codes.tsv") {
      knowledge.codes_.load_reply_codes(file.name, file.content);
    } else if (file.name == "knowledge/status-codes.tsv") {
      knowledge.codes_.load_status_codes(file.name, file.content);
    } else if (file.name == "knowledge/providers.toml") {
      knowledge.providers_.load(file.name, file.content);
    } else if (file.name == "typo/mail-domains.tsv") {
      knowledge.mail_domains_.load(file.name, file.content);
    } else if (file.name == "knowledge/block-lists.tsv") {
      knowledge.block_lists_.load(file.name, file.content);
    } else if (file.name == "knowledge/stock-phrases.tsv") {
      knowledge.stock_phrases_.load(file.name, file.content);
    } else if (file.name == "knowledge/provider-codes.tsv") {
      provider_codes = &file;
    } else if (file.name == "knowledge/facts.toml") {
      facts = &file;
    } else if (file.name == "knowledge/units.tsv") {
      knowledge.units_.load(file.name, file.content);
    } else if (file.name == "knowledge/cause-model.bin") {
      if (!file.content.empty()) {
        knowledge.cause_model_ = CauseModel::parse(file.name, file.content);
      }
    } else {
      rule_files.push_back({std::string(file.name), std::string(file.content)});
    }
  }
  knowledge.rules_.load(rule_files, std::nullopt);
  if (provider_codes != nullptr) {
    for (Rule& rule : parse_provider_codes(provider_codes->name, provider_codes->content,
                                           knowledge.providers_)) {
      knowledge.rules_.add(std::move(rule));
    }
  }
  // Its patterns use the words of all our rules.
  if (facts != nullptr) {
    knowledge.fact_rules_ = parse_fact_rules(facts->name, facts->content, knowledge.rules_.words());
  }
  knowledge.built_in_rules_ = knowledge.rules_.rules().size();
  knowledge.built_in_hiding_words_ = knowledge.rules_.hiding_words().size();
  knowledge.built_in_phrases_ = knowledge.stock_phrases_.all().size();
  if (!rules_directory.empty()) {
    std::vector<RuleFile> own;
    for (const auto& path : own_files(rules_directory, ".toml")) {
      own.push_back({path.string(), read_own_file(path)});
      knowledge.stock_phrases_.load_own(own.back().name, own.back().content);
    }
    knowledge.rules_.load(own, Tier::kOwn);
  }
  knowledge.mail_domains_.add_own(own_domains);
  knowledge.check_provider_names();
  // Ours were tried when they were written.
  if (!knowledge.own_rules().empty()) knowledge.rules_.compile();
  return knowledge;
}

void Knowledge::prepare() const {
  compile_frames();
  rules_.compile();
}

void Knowledge::check_provider_names() const {
  for (const Rule& rule : rules_.rules()) {
    for (const std::string& provider : rule.providers) {
      if (providers_.by_id(provider) == nullptr) {
        fail_at(rule.file, rule.line,
                fmt::format("rule \"{}\": no such provider: \"{}\"", rule.id, provider));
      }
    }
  }
  for (const StatusCodeEntry& entry : codes_.status_codes()) {
    if (!entry.provider.empty() && providers_.by_id(entry.provider) == nullptr) {
      throw DataError(fmt::format("status-codes.tsv: {}: no such provider: \"{}\"", entry.code(),
                                  entry.provider));
    }
  }
}

}  // namespace plainbounce

#include "lib/knowledge/knowledge.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/base/own_files.h"
#include "lib/base/words.h"
#include "lib/knowledge/rule_pack.h"
#include "lib/reply/reply_layers.h"

namespace plainbounce {

Knowledge Knowledge::load(const std::filesystem::path& rules_directory,
                          std::span<const std::string> own_domains) {
  Knowledge knowledge;
  knowledge.load_tables();
  knowledge.load_rules();
  if (!rules_directory.empty()) knowledge.load_own(rules_directory);
  knowledge.mail_domains_.add_own(own_domains);
  knowledge.check_provider_names();
  return knowledge;
}

void Knowledge::load_tables() {
  const auto load = [](std::string_view name, const auto& take) {
    const EmbeddedFile& file = embedded_file(knowledge_files(), name);
    take(file.name, file.content);
  };
  load("knowledge/causes.tsv", [&](auto name, auto tsv) { causes_.load(name, tsv); });
  load("knowledge/reply-codes.tsv",
       [&](auto name, auto tsv) { codes_.load_reply_codes(name, tsv); });
  load("knowledge/status-codes.tsv",
       [&](auto name, auto tsv) { codes_.load_status_codes(name, tsv); });
  load("knowledge/providers.toml", [&](auto name, auto toml) { providers_.load(name, toml); });
  load("typo/mail-domains.tsv", [&](auto name, auto tsv) { mail_domains_.load(name, tsv); });
  load("knowledge/block-lists.tsv", [&](auto name, auto tsv) { block_lists_.load(name, tsv); });
  load("knowledge/stock-phrases.tsv", [&](auto name, auto tsv) { stock_phrases_.load(name, tsv); });
  load("knowledge/units.tsv", [&](auto name, auto tsv) { units_.load(name, tsv); });
  load("knowledge/cause-model.bin", [&](auto name, auto bytes) {
    if (!bytes.empty()) cause_model_ = CauseModel::parse(name, bytes);
  });
}

void Knowledge::load_rules() {
  rules_ = unpack_rules(packed_rules().front().content);
  // Its patterns use the words of all our rules.
  const EmbeddedFile& facts = embedded_file(knowledge_files(), "knowledge/facts.toml");
  fact_rules_ = parse_fact_rules(facts.name, facts.content, rules_.words());
  built_in_rules_ = rules_.rules().size();
  built_in_hiding_words_ = rules_.hiding_words().size();
  built_in_phrases_ = stock_phrases_.all().size();
}

void Knowledge::load_own(const std::filesystem::path& directory) {
  std::vector<RuleFile> own;
  for (const auto& path : own_files(directory, ".toml")) {
    own.push_back({path.string(), read_own_file(path)});
    stock_phrases_.load_own(own.back().name, own.back().content);
  }
  rules_.load(own, Tier::kOwn);
}

void Knowledge::prepare() const {
  prepare_words();
  compile_frames();
  rules_.compile();
  for (const FactRule& rule : fact_rules_) rule.compile();
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

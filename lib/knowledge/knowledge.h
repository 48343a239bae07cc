// Everything the project knows, loaded once at start: codes, providers, rules, causes, domains.
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_KNOWLEDGE_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_KNOWLEDGE_H_

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lib/knowledge/block_lists.h"
#include "lib/knowledge/cause.h"
#include "lib/knowledge/cause_model.h"
#include "lib/knowledge/codes.h"
#include "lib/knowledge/fact_rules.h"
#include "lib/knowledge/own_hosts.h"
#include "lib/knowledge/providers.h"
#include "lib/knowledge/rules.h"
#include "lib/knowledge/stock_phrases.h"
#include "lib/knowledge/units.h"
#include "lib/typo/mail_domains.h"

namespace plainbounce {

// Immutable once loaded; share it among threads.
class Knowledge {
 public:
  // The compiled-in data, then the *.toml files of `rules_directory` (an empty path: none), and the
  // house's own mail domains. Throws DataError.
  static Knowledge load(const std::filesystem::path& rules_directory = {},
                        std::span<const std::string> own_domains = {});

  // Does at once what the first replies would otherwise wait for: for programs that stay, and fork
  // others that share it.
  void prepare() const;

  const CodeTables& codes() const { return codes_; }
  const Providers& providers() const { return providers_; }
  const RuleSet& rules() const { return rules_; }
  const MailDomains& mail_domains() const { return mail_domains_; }
  const BlockLists& block_lists() const { return block_lists_; }
  const std::vector<FactRule>& fact_rules() const { return fact_rules_; }
  const StockPhrases& stock_phrases() const { return stock_phrases_; }
  // Those of the administrator's: the last of stock_phrases().all().
  std::span<const StockPhrase> own_phrases() const {
    return std::span(stock_phrases_.all()).subspan(built_in_phrases_);
  }
  const Units& units() const { return units_; }
  // Those of the administrator's: the last of rules().
  std::span<const Rule> own_rules() const {
    return std::span(rules_.rules()).subspan(built_in_rules_);
  }
  // The administrator's words that hide one of ours, or another of theirs.
  std::span<const HidingWord> own_hiding_words() const {
    return std::span(rules_.hiding_words()).subspan(built_in_hiding_words_);
  }
  // The learned model; empty: none, and rules and codes decide alone.
  const CauseModel& cause_model() const { return cause_model_; }
  void set_cause_model(CauseModel model) { cause_model_ = std::move(model); }
  // The servers that the administrator has named as the house's own.
  const OwnHosts& own_hosts() const { return own_hosts_; }
  void set_own_hosts(OwnHosts hosts) { own_hosts_ = std::move(hosts); }
  const CauseTable& causes() const { return causes_; }
  const CauseEntry& cause(Cause cause) const { return causes_[cause]; }

 private:
  void load_tables();
  void load_rules();
  void load_own(const std::filesystem::path& directory);
  void check_provider_names() const;

  CodeTables codes_;
  Providers providers_;
  RuleSet rules_;
  std::size_t built_in_rules_ = 0;
  std::size_t built_in_hiding_words_ = 0;
  StockPhrases stock_phrases_;
  std::size_t built_in_phrases_ = 0;
  MailDomains mail_domains_;
  BlockLists block_lists_;
  std::vector<FactRule> fact_rules_;
  Units units_;
  CauseModel cause_model_;
  OwnHosts own_hosts_;
  CauseTable causes_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_KNOWLEDGE_H_

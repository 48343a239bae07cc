#include "lib/knowledge/rule_pack.h"

#include <cereal/archives/binary.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <sstream>

#include "lib/base/data_error.h"

namespace plainbounce {

// cereal finds these by their names and arguments, for writing and for reading.

template <class Archive>
void serialize(Archive& archive, EnhancedStatus& status) {
  archive(status.status_class, status.subject, status.detail);
}

template <class Archive>
void serialize(Archive& archive, RuleExample& example) {
  archive(example.text, example.host, example.line);
}

template <class Archive>
void serialize(Archive& archive, Rule& rule) {
  archive(rule.id, rule.cause, rule.strength, rule.tier, rule.providers, rule.code_of, rule.pattern,
          rule.unless, rule.in_links, rule.reply_class, rule.codes, rule.statuses, rule.stage,
          rule.examples, rule.counter_examples, rule.file, rule.line, rule.literals);
}

template <class Archive>
void serialize(Archive& archive, RuleWord& word) {
  archive(word.pattern, word.file, word.line);
}

template <class Archive>
void serialize(Archive& archive, HidingWord& hiding) {
  archive(hiding.name, hiding.word, hiding.hidden);
}

template <class Archive>
void serialize(Archive& archive, RuleWords& words) {
  archive(words.by_name, words.hiding);
}

std::string pack_rules(const RuleSet& rules) {
  std::ostringstream bytes;
  cereal::BinaryOutputArchive archive(bytes);
  archive(rules.rules(), rules.words());
  return std::move(bytes).str();
}

RuleSet unpack_rules(std::string_view bytes) {
  std::istringstream stream{std::string(bytes)};
  std::vector<Rule> rules;
  RuleWords words;
  try {
    cereal::BinaryInputArchive archive(stream);
    archive(rules, words);
  } catch (const cereal::Exception& error) {
    throw DataError(std::string("the rules that were compiled in: ") + error.what());
  }
  return {std::move(rules), std::move(words)};
}

}  // namespace plainbounce

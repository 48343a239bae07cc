// Any bytes as a rule file of the administrator's: what is wrong with it is said with file and
// line; the rules that are taken match what their patterns do, however they are found.
#include <re2/re2.h>

#include <set>

#include "lib/base/ascii.h"
#include "lib/knowledge/rules.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

constexpr std::string_view kFile = "own.toml";

bool is_unconditional(const Rule& rule) {
  return rule.providers.empty() && rule.codes.empty() && rule.statuses.empty() &&
         rule.reply_class == 0 && !rule.stage && rule.unless.empty();
}

// Whom the literals lead to is who matches.
void check_matches(const RuleSet& rules, const std::string& reply) {
  const HeardText heard(parse_reply(reply));
  const std::vector<const Rule*> found = rules.matches(heard, {});
  for (const Rule& rule : rules.rules()) {
    const bool matches = std::find(found.begin(), found.end(), &rule) != found.end();
    require(matches == rules.holds(rule, heard, {}));
    if (matches) {
      for (const auto& [name, words] : rules.captures(rule, heard)) {
        require(!name.empty() && heard.said().find(words) != std::string::npos);
      }
    }
    if (!is_unconditional(rule)) continue;
    const std::string& text = rule.in_links ? heard.text() : heard.words();
    const RE2 pattern(rule.pattern, pattern_options(8 << 20));
    require(matches == RE2::PartialMatch(text, pattern));
  }
}

void check(const RuleSet& rules) {
  std::set<std::string> ids;
  for (const Rule& rule : rules.rules()) {
    require(!rule.id.empty() && ids.insert(rule.id).second);
    for (const char c : rule.id) require(static_cast<unsigned char>(c) >= ' ' && c != 0x7f);
    require(rule.file == kFile && rule.line > 0);
  }
  int tried = 0;
  for (const Rule& rule : rules.rules()) {
    for (const RuleExample& example : rule.examples) {
      if (++tried <= 5) check_matches(rules, example.text);
    }
  }
  check_matches(rules, "550 5.1.1 <bob@example.com>: the mailbox is full, see https://example.com");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<RuleFile> files{{std::string(kFile), std::string(text_of(data, size))}};
  try {
    StockPhrases phrases;
    phrases.load_own(kFile, files.front().content);
    RuleSet rules({}, resources().knowledge.rules().words());
    rules.load(files, Tier::kOwn);
    check(rules);
  } catch (const DataError& error) {
    require(names_place(error.what(), kFile));
  }
  return 0;
}

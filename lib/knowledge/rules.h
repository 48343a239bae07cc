// The wording rules: a reply's text -> the cause that its words name.
//
// Rules are data (rules/*.toml, and the administrator's own); docs/rules.md says how to write one.
// An RE2::Set finds the literals of all patterns at once (rule_pattern.h names them); the few
// patterns whose literals are there are then matched, all in time linear in the text. The best
// rule's pattern gives its captures. Of our own rules all is known when the project is built
// (rule_pack.h).
#ifndef PLAINBOUNCE_LIB_KNOWLEDGE_RULES_H_
#define PLAINBOUNCE_LIB_KNOWLEDGE_RULES_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/enum_ids.h"
#include "lib/knowledge/cause.h"
#include "lib/knowledge/rule_pattern.h"
#include "lib/reply/heard_text.h"
#include "lib/reply/reply.h"

namespace plainbounce {

// How much the words alone prove. Higher beats lower.
enum class Strength {
  kHint,      // suggests the cause; a reliable code beats it
  kStrong,    // names the cause in common words
  kDecisive,  // can mean nothing else
};
template <>
inline constexpr auto kIds<Strength> = ids_to<Strength::kDecisive>("hint", "strong", "decisive");

// Which of two rules wins that are equally strong, bound and conditioned: that of the higher tier.
// A rule file says which one its rules are of. From the lowest:
enum class Tier {
  kVague,           // refusals and delays without a reason
  kServer,          // common words about connections, and what fails inside a server,
  kMessage,         // about the message,
  kRecipient,       // about the recipient,
  kSender,          // and about the sender
  kUnmistakable,    // common words that can hardly mean anything else
  kCombination,     // combinations of common words that say more than each alone
  kLanguage,        // another language than English
  kCommonSoftware,  // software whose words others have taken over (Postfix, Sendmail)
  kSoftware,        // any other that anyone may run
  kProvider,        // one company's servers
  kOwn,             // the administrator's, unless their file says another
};
template <>
inline constexpr auto kIds<Tier> = ids_to<Tier::kOwn>("vague", "server", "message", "recipient",
                                                      "sender", "unmistakable", "combination",
                                                      "language", "common-software", "software",
                                                      "provider", "own");

struct RuleExample {
  std::string text;  // a reply as a server sent it
  std::string host;  // the remote MTA, where the rule needs it
  int line = 0;      // in the file
};

struct Rule {
  std::string id;  // unique, "<file>-..." by habit: "exim-unrouteable"; no control characters
  Cause cause = Cause::kUnexplained;
  Strength strength = Strength::kStrong;
  Tier tier = Tier::kOwn;              // the file's
  std::vector<std::string> providers;  // only for replies of these; empty: anyone's
  std::string code_of;                 // provider whose code the pattern is; empty: none's
  std::string pattern;     // RE2, case-insensitive, unanchored, over HeardText; words filled in
  std::string unless;      // likewise: where it matches, too, the rule doesn't hold; empty: nothing
  bool in_links = false;   // both may match what stands in links and mail addresses, too
  int reply_class = 0;     // only for replies of class 4 or 5; 0: any
  std::vector<int> codes;  // only for these reply codes; empty: any
  std::vector<EnhancedStatus> statuses;       // only for these enhanced codes; empty: any
  std::optional<Stage> stage;                 // only in answer to this command
  std::vector<RuleExample> examples;          // each must reach this rule
  std::vector<RuleExample> counter_examples;  // none may reach it: about another subject
  std::string file;
  int line = 0;
  std::vector<std::vector<std::string>> literals;  // literals_of() its pattern; RuleSet tells
};

// What is known besides the text when rules are matched.
struct RuleContext {
  std::string_view provider;  // id; empty: unknown
  int code = 0;
  std::optional<EnhancedStatus> status;
  Stage stage = Stage::kUnknown;
};

// Named groups of a pattern that took part, in the pattern's order: {"size_limit", "25 MB"}. Their
// names are those of facts that may be captured (facts.h).
using Captures = std::vector<std::pair<std::string, std::string>>;

// A name that patterns use as "{name}", from a file's [words].
struct RuleWord {
  std::string pattern;  // "(?:...)", with the words in it filled in
  std::string file;
  int line = 0;
};

// A word that took the place of one of the same name, with another pattern, of a file before.
struct HidingWord {
  std::string name;
  RuleWord word;
  RuleWord hidden;
};

struct RuleWords {
  std::map<std::string, RuleWord, std::less<>> by_name;
  std::vector<HidingWord> hiding;  // in the order in which they were read
};

// A rules/*.toml file, or one of the administrator's.
struct RuleFile {
  std::string name;  // for messages, and for its place within its tier
  std::string content;
};

class RuleSet {
 public:
  RuleSet();
  // Of another set's rules and words, in their order and with their literals, which nobody has to
  // try again.
  RuleSet(std::vector<Rule> rules, RuleWords words);
  ~RuleSet();
  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;

  // Adds the rules of these files, those of lower tiers first, within a tier by the files' names;
  // the order in which they are given means nothing. `unless_said`: the tier of a file that doesn't
  // name its own; none: it must. Files added later win over earlier ones of the same tier. Throws
  // DataError (data_error.h), also as add() does.
  void load(std::span<const RuleFile> files, std::optional<Tier> unless_said);

  // A rule that stands in no rule file, after all that were added before. Throws DataError: its id
  // is taken, or RE2 can't parse one of its patterns, or one of them matches every text.
  void add(Rule rule);

  // Does at once what texts would otherwise wait for: the first one for the literals, and each
  // pattern for a text that has its own. Takes some tenths of a second; twice does nothing.
  void compile() const;

  // The rules whose pattern and conditions hold, best first: strength, then those bound to a
  // provider, then those with more conditions (codes, statuses, stage), then the higher tier, then
  // the later as load() has put them.
  std::vector<const Rule*> matches(const HeardText& heard, const RuleContext& context) const;

  // Is `rule`, one of rules(), among matches()?
  bool holds(const Rule& rule, const HeardText& heard, const RuleContext& context) const;

  // What `rule`, one of rules(), takes from a text that it matches, as the server wrote it.
  Captures captures(const Rule& rule, const HeardText& heard) const;

  const std::vector<Rule>& rules() const { return rules_; }
  const RuleWords& words() const { return words_; }
  const std::vector<HidingWord>& hiding_words() const { return words_.hiding; }

 private:
  // The patterns of one rule.
  struct Patterns {
    RulePattern pattern;
    RulePattern unless;

    explicit Patterns(const Rule& rule) : pattern(rule.pattern), unless(rule.unless) {}
  };
  class Finder;
  // Some of the time that a program takes to start, and not all need it.
  struct FinderOnce;

  const Finder& finder() const;
  const Patterns& patterns_of(const Rule& rule) const;
  bool is_contradicted(const Rule& rule, const HeardText& heard) const;
  void append(Rule rule);

  std::vector<Rule> rules_;
  std::vector<std::unique_ptr<Patterns>> patterns_;                // one for each rule
  std::map<std::string, std::size_t, std::less<>> places_of_ids_;  // within rules_
  RuleWords words_;
  std::unique_ptr<FinderOnce> finder_;  // null: there are no rules
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_KNOWLEDGE_RULES_H_

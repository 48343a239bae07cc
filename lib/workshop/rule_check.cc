#include "lib/workshop/rule_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "lib/base/ascii.h"
#include "lib/diagnosis/diagnose.h"
#include "lib/diagnosis/judge.h"

namespace plainbounce {
namespace {

// A rule that matches built-in examples of more causes than this besides its own names none.
constexpr std::size_t kMaxOtherCauses = 4;

bool same_match(const Rule& a, const Rule& b) {
  const auto key = [](const Rule& rule) {
    return std::tie(rule.pattern, rule.unless, rule.providers, rule.reply_class, rule.codes,
                    rule.statuses, rule.stage);
  };
  return key(a) == key(b);
}

// "{Mailbox}" or "{mail-box}": meant as a word, but not written like one, so that it stands for
// itself. Empty: there is none. Repetitions "{2,3}" and classes "\p{L}" are something else.
std::string_view broken_word(std::string_view pattern) {
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{', open + 1)) {
    const std::string_view before = pattern.substr(0, open);
    const bool escaped = before.ends_with('\\') || before.ends_with("\\p") ||
                         before.ends_with("\\P") || before.ends_with("\\x");
    const std::size_t close = pattern.find('}', open);
    if (escaped || close == std::string_view::npos) continue;
    const std::string_view name = pattern.substr(open, close - open + 1);
    const bool has_letter =
        std::any_of(name.begin(), name.end(), [](char c) { return is_letter(c); });
    if (has_letter) return name;
  }
  return {};
}

class RuleChecker {
 public:
  explicit RuleChecker(const Knowledge& knowledge)
      : knowledge_(knowledge), rules_(knowledge.rules().rules()) {}

  void try_examples() {
    for (const Rule& rule : knowledge_.own_rules()) {
      check_examples(rule);
      check_counter_examples(rule);
    }
  }

  void look_for_slips() {
    for (const Rule& rule : knowledge_.own_rules()) {
      check_twins(rule);
      check_for_broken_word(rule, "pattern", rule.pattern);
      check_for_broken_word(rule, "unless", rule.unless);
    }
    check_words();
    check_phrases();
    check_breadth();
  }

  std::vector<RuleFinding> findings() {
    std::stable_sort(findings_.begin(), findings_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.file, a.line) < std::tie(b.file, b.line);
    });
    return std::move(findings_);
  }

 private:
  void report(RuleFinding::Kind kind, const Rule& rule, int line, std::string_view message) {
    findings_.push_back({kind, rule.file, line, fmt::format("rule \"{}\": {}", rule.id, message)});
  }

  void warn(const Rule& rule, std::string_view message) {
    report(RuleFinding::Kind::kWarning, rule, rule.line, message);
  }

  void check_examples(const Rule& rule) {
    const Evidence own = rule_evidence(rule);
    const bool is_hint = rule.strength == Strength::kHint;
    bool right = true;
    bool decides = false;
    Evidence winner;
    for (const RuleExample& example : rule.examples) {
      const RecipientDiagnosis found = diagnose_text(example.text, example.host, knowledge_);
      right &= check_example(rule, example, found);
      const Evidence& evidence = found.evidence;
      // A code that comes before a strong rule only confirms it.
      const bool by_other = evidence != own && (is_hint || evidence.kind == Evidence::Kind::kRule);
      decides |= !by_other;
      if (by_other) winner = evidence;
    }
    // Rules on expiry change the outcome, and hints with named groups take facts along: neither
    // needs to decide.
    const bool may_support = rule.cause == Cause::kDeliveryTimedOut ||
                             (is_hint && rule.pattern.find("(?P<") != std::string::npos);
    if (!right || decides || may_support) return;
    warn(rule,
         fmt::format("it decides none of its examples: {} always comes before it{}", named(winner),
                     is_hint ? " (a hint gives way to other rules and to codes)" : ""));
  }

  // "rule "x""; a code as it is: "status:5.1.1".
  static std::string named(const Evidence& evidence) {
    if (evidence.kind != Evidence::Kind::kRule) return to_string(evidence);
    return fmt::format("rule \"{}\"", evidence.rule);
  }

  // Is the example what its rule says?
  bool check_example(const Rule& rule, const RuleExample& example,
                     const RecipientDiagnosis& found) {
    if (!is_matching(rule, hear_pasted(example.text), found.facts.provider, knowledge_.rules())) {
      report(RuleFinding::Kind::kError, rule, example.line,
             "its pattern and conditions don't match this example");
      return false;
    }
    if (found.cause != rule.cause) {
      report(RuleFinding::Kind::kError, rule, example.line,
             fmt::format("this example ends in {}, decided by {}; expected {}", id_of(found.cause),
                         to_string(found.evidence), id_of(rule.cause)));
      return false;
    }
    return true;
  }

  void check_counter_examples(const Rule& rule) {
    for (const RuleExample& example : rule.counter_examples) {
      const std::string provider =
          diagnose_text(example.text, example.host, knowledge_).facts.provider;
      if (!is_matching(rule, hear_pasted(example.text), provider, knowledge_.rules())) continue;
      report(RuleFinding::Kind::kError, rule, example.line, "it matches this counter-example");
    }
  }

  void check_for_broken_word(const Rule& rule, std::string_view key, std::string_view pattern) {
    const std::string_view word = broken_word(pattern);
    if (word.empty()) return;
    warn(rule, fmt::format("{}: {} is no word (small letters, digits and _), and stands for itself",
                           key, word));
  }

  // Of two own rules the later one is reported.
  void check_twins(const Rule& rule) {
    const auto twin = std::find_if(rules_.begin(), rules_.end(), [&](const Rule& other) {
      return &other == &rule || same_match(other, rule);
    });
    if (&*twin == &rule) return;
    warn(rule, fmt::format("it has the pattern and conditions of rule \"{}\" ({}:{})", twin->id,
                           twin->file, twin->line));
  }

  void check_words() {
    for (const HidingWord& hiding : knowledge_.own_hiding_words()) {
      findings_.push_back(
          {RuleFinding::Kind::kWarning, hiding.word.file, hiding.word.line,
           fmt::format("word \"{}\": it hides the one of {}:{}, here and in the files after this",
                       hiding.name, hiding.hidden.file, hiding.hidden.line)});
    }
  }

  // A phrase in which a shorter one of the same purpose stands adds nothing.
  void check_phrases() {
    const auto own = knowledge_.own_phrases();
    const auto& all = knowledge_.stock_phrases().all();
    for (const StockPhrase& phrase : own) {
      const auto same = std::find_if(all.begin(), all.end(), [&](const StockPhrase& other) {
        return &other == &phrase || (other.purpose == phrase.purpose &&
                                     phrase.phrase.find(other.phrase) != std::string::npos);
      });
      if (&*same == &phrase) continue;
      findings_.push_back({RuleFinding::Kind::kWarning, phrase.file, phrase.line,
                           fmt::format("phrase \"{}\": \"{}\" ({}:{}) says as much", phrase.phrase,
                                       same->phrase, same->file, same->line)});
    }
  }

  // Puts every built-in example to the administrator's rules.
  void check_breadth() {
    const auto own = knowledge_.own_rules();
    if (own.empty()) return;
    std::vector<std::set<Cause>> others(own.size());
    for (const Rule& built_in : std::span(rules_).first(rules_.size() - own.size())) {
      const std::string provider = built_in.providers.empty() ? "" : built_in.providers.front();
      for (const RuleExample& example : built_in.examples) {
        const Hearing hearing = hear_pasted(example.text);
        for (std::size_t i = 0; i < own.size(); ++i) {
          if (own[i].cause != built_in.cause &&
              is_matching(own[i], hearing, provider, knowledge_.rules())) {
            others[i].insert(built_in.cause);
          }
        }
      }
    }
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (others[i].size() <= kMaxOtherCauses) continue;
      warn(own[i], fmt::format("it also matches replies of {} other causes: {}", others[i].size(),
                               join_ids(others[i])));
    }
  }

  static std::string join_ids(const std::set<Cause>& causes) {
    constexpr std::size_t kMaxNamed = 5;
    std::string ids;
    std::size_t named = 0;
    for (const Cause cause : causes) {
      if (++named > kMaxNamed) return ids + ", ...";
      ids += fmt::format("{}{}", ids.empty() ? "" : ", ", id_of(cause));
    }
    return ids;
  }

  const Knowledge& knowledge_;
  const std::vector<Rule>& rules_;
  std::vector<RuleFinding> findings_;
};

}  // namespace

std::string to_string(const RuleFinding& finding) {
  return fmt::format("{}:{}: {}{}", finding.file, finding.line,
                     finding.kind == RuleFinding::Kind::kWarning ? "warning: " : "",
                     finding.message);
}

std::vector<RuleFinding> check_examples(const Knowledge& knowledge) {
  RuleChecker checker(knowledge);
  checker.try_examples();
  return checker.findings();
}

std::vector<RuleFinding> check_rules(const Knowledge& knowledge) {
  RuleChecker checker(knowledge);
  checker.try_examples();
  checker.look_for_slips();
  return checker.findings();
}

}  // namespace plainbounce

#include "lib/workshop/rule_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <set>

#include "lib/diagnosis/diagnose.h"
#include "lib/notice/wrap.h"
#include "lib/reply/heard_text.h"
#include "lib/reply/reply_pieces.h"
#include "lib/workshop/unmatched.h"

namespace plainbounce {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;

constexpr std::string_view kPrefix = "house-";

// An id that no rule has; it is taken from then on.
std::string free_id(const std::string& wish, std::set<std::string>& taken) {
  std::string id = wish;
  for (int i = 2; !taken.insert(id).second; ++i) id = fmt::format("{}-{}", wish, i);
  return id;
}

// Literal where it can be: a pattern is full of backslashes.
std::string pattern_toml(const std::string& pattern) {
  const bool plain = std::all_of(pattern.begin(), pattern.end(),
                                 [](char c) { return c >= ' ' && c < 0x7F && c != '\''; });
  return plain ? "'" + pattern + "'" : toml_string(pattern, false);
}

std::string example_toml(const RuleExample& example) {
  std::string text = toml_string(example.text, false);
  if (example.host.empty()) return text;
  return fmt::format("{{ text = {}, host = {} }}", text, toml_string(example.host, false));
}

data draft(const RuleExample& reply, const Knowledge& knowledge, std::set<std::string>& ids) {
  const RecipientDiagnosis found = diagnose_text(reply.text, reply.host, knowledge);
  const std::string text = without_people(found.reply.text, "");
  const std::string matched = HeardText(text).text();
  const std::string slug = reply_slug(matched);
  data rule;
  rule.set("id", free_id(fmt::format("{}{}", kPrefix, slug.empty() ? "reply" : slug), ids));
  rule.set("cause", std::string(id_of(found.cause)));
  rule.set("evidence", to_string(found.evidence));
  rule.set("confidence", std::string(id_of(found.confidence)));
  rule.set("pattern", pattern_toml(reply_pattern(matched)));
  rule.set("example", example_toml({text, reply.host}));
  return rule;
}

list cause_lines() {
  std::string ids;
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    ids += fmt::format("{}{}", i == 0 ? "" : ", ", id_of(static_cast<Cause>(i)));
  }
  data line;
  line.set("line", wrap(ids, "#   ", "#   "));
  return {line};
}

}  // namespace

std::string draft_rules(const std::vector<RuleExample>& replies, const Knowledge& knowledge,
                        const Catalogue& catalogue) {
  std::set<std::string> ids;
  for (const Rule& rule : knowledge.rules().rules()) ids.insert(rule.id);
  std::set<std::string> wordings;
  data rules{data::type::list};
  for (const RuleExample& reply : replies) {
    if (wordings.insert(wording_key(reply.text)).second) rules << draft(reply, knowledge, ids);
  }
  data root;
  root.set("rules", rules);
  root.set("causes", data(cause_lines()));
  mustache renderer(catalogue.rule_template());
  renderer.set_custom_escape([](const std::string& text) { return text; });
  return renderer.render(root);
}

}  // namespace plainbounce

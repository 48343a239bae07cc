#include "cli/postfix/finding_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/base/toml_file.h"
#include "lib/base/tsv.h"
#include "lib/knowledge/knowledge.h"

namespace plainbounce {

// Compiled in by CMakeLists.txt.
std::span<const EmbeddedFile> postfix_files();

namespace {

Severity read_severity(std::string_view file, const toml::table& table) {
  const std::string id = string_of(file, table, "severity");
  const auto severity = parse_id<Severity>(id);
  if (!severity) {
    fail_at(
        file, line_of(table),
        fmt::format("severity: \"{}\": expected one of {}", id, fmt::join(kIds<Severity>, ", ")));
  }
  return *severity;
}

FindingText read_text(std::string_view file, const toml::table& table) {
  check_keys(file, table, {"id", "severity", "what", "why", "fix"});
  FindingText text;
  text.id = string_of(file, table, "id");
  text.severity = read_severity(file, table);
  text.what = trim(string_of(file, table, "what"));
  text.why = trim(string_of(file, table, "why"));
  text.fix = trim(string_of(file, table, "fix"));
  if (text.id.empty() || text.what.empty() || text.why.empty() || text.fix.empty()) {
    fail_at(file, line_of(table), "expected id, severity, what, why and fix");
  }
  return text;
}

// Replaces each {{NAME}} that has a value. What a value holds isn't looked at again.
std::string fill_in(std::string_view text, const PostfixParameters& values,
                    const PostfixParameters& common) {
  std::string filled;
  while (true) {
    const std::size_t begin = text.find("{{");
    const std::size_t end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) return filled.append(text);
    const std::string_view name = text.substr(begin + 2, end - begin - 2);
    const auto own = values.find(name);
    const auto shared = common.find(name);
    filled.append(text.substr(0, begin));
    if (own != values.end()) {
      filled.append(own->second);
    } else if (shared != common.end()) {
      filled.append(shared->second);
    } else {
      filled.append(text.substr(begin, end + 2 - begin));
    }
    text.remove_prefix(end + 2);
  }
}

}  // namespace

std::vector<FindingText> finding_texts() {
  std::vector<FindingText> texts;
  for (const EmbeddedFile& file : postfix_files()) {
    const toml::table root = parse_toml(file.name, file.content);
    for (const toml::table* const table : array_of_tables(file.name, root, "finding")) {
      texts.push_back(read_text(file.name, *table));
    }
  }
  return texts;
}

std::vector<FindingText> describe(const std::vector<Finding>& findings,
                                  const PostfixParameters& common) {
  const std::vector<FindingText> texts = finding_texts();
  std::vector<FindingText> described;
  for (const Finding& finding : findings) {
    const auto found = std::find_if(texts.begin(), texts.end(),
                                    [&](const FindingText& text) { return text.id == finding.id; });
    if (found == texts.end()) throw DataError("findings.toml: no text for " + finding.id);
    FindingText text = *found;
    for (std::string* const part : {&text.what, &text.why, &text.fix}) {
      *part = fill_in(*part, finding.values, common);
    }
    described.push_back(std::move(text));
  }
  std::stable_sort(described.begin(), described.end(),
                   [](const auto& a, const auto& b) { return a.severity < b.severity; });
  return described;
}

}  // namespace plainbounce

#include "lib/knowledge/stock_phrases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/text.h"
#include "lib/base/toml_file.h"
#include "lib/base/tsv.h"

namespace plainbounce {
namespace {

constexpr std::array<std::string_view, 3> kPhraseColumns = {"purpose", "phrase", "example"};

// In bytes. What is shorter stands in every second text.
constexpr std::size_t kMinPhrase = 4;

// The form in which a phrase and a text are compared.
std::string plain(std::string_view text) {
  const std::string collapsed = collapse_space(text);
  if (is_ascii(collapsed)) return ascii_lower(collapsed);
  std::string folded;
  icu::UnicodeString::fromUTF8(collapsed).foldCase().toUTF8String(folded);
  return folded;
}

StockPhrase make_phrase(std::string_view file, int line, std::string_view purpose,
                        std::string_view phrase, std::string_view example) {
  const auto known = parse_id<PhrasePurpose>(purpose);
  if (!known) {
    fail_at(file, line,
            fmt::format("purpose: no such purpose: \"{}\", expected one of: {}", purpose,
                        fmt::join(kIds<PhrasePurpose>, ", ")));
  }
  return {*known, plain(phrase), std::string(example), std::string(file), line};
}

}  // namespace

void StockPhrases::load(std::string_view file, std::string_view tsv) {
  for (const TableRow& row : parse_table(file, tsv, kPhraseColumns)) {
    add(make_phrase(file, row.line, row.cells[0], row.cells[1], row.cells[2]));
  }
}

void StockPhrases::load_own(std::string_view file, std::string_view toml) {
  toml::table root = parse_toml(file, toml);
  for (auto node = root.begin(); node != root.end();) {
    node = node->first == "phrase" ? std::next(node) : root.erase(node);
  }
  for (const toml::table* const table : array_of_tables(file, root, "phrase")) {
    check_keys(file, *table, {"purpose", "phrase", "example"});
    add(make_phrase(file, line_of(*table), string_of(file, *table, "purpose"),
                    string_of(file, *table, "phrase"), string_of(file, *table, "example")));
  }
}

void StockPhrases::add(StockPhrase phrase) {
  if (phrase.phrase.size() < kMinPhrase) {
    fail_at(phrase.file, phrase.line,
            fmt::format("phrase: \"{}\" is too short, expected {} bytes or more", phrase.phrase,
                        kMinPhrase));
  }
  if (plain(phrase.example).find(phrase.phrase) == std::string::npos) {
    fail_at(phrase.file, phrase.line,
            fmt::format("phrase \"{}\": it doesn't stand in its example", phrase.phrase));
  }
  by_purpose_[static_cast<std::size_t>(phrase.purpose)].push_back(phrase.phrase);
  all_.push_back(std::move(phrase));
}

bool StockPhrases::stand_in(std::string_view text, PhrasePurpose purpose) const {
  const std::string plain_text = plain(text);
  const auto& phrases = by_purpose_[static_cast<std::size_t>(purpose)];
  return std::any_of(phrases.begin(), phrases.end(), [&](const std::string& phrase) {
    return plain_text.find(phrase) != std::string::npos;
  });
}

}  // namespace plainbounce

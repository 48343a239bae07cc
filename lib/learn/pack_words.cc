// Run by the build: pack_words REPLIES FILE writes the words that known_words.h tells of.
#include <fmt/format.h>
#include <unicode/rbnf.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/base/own_files.h"
#include "lib/base/tsv.h"
#include "lib/base/words.h"
#include "lib/knowledge/rules.h"
#include "lib/learn/labelled_replies.h"
#include "lib/reply/reply_pieces.h"

namespace plainbounce {

// The library's stages, which this is linked with, ask for them; they don't go into each other.
std::span<const EmbeddedFile> packed_rules() { return {}; }
std::span<const EmbeddedFile> packed_words() { return {}; }

namespace {

using Kind = ReplyPiece::Kind;

// So that what one reply alone has, such as a name, isn't there.
constexpr std::size_t kMinReplies = 2;
// A word that so many have isn't told for its number: "on" is Turkish for ten, "to" Danish for two.
constexpr std::size_t kMinRepliesOfNumber = 20;

// How many replies have it.
using Words = std::map<std::string, std::size_t, std::less<>>;

// One letter may be an initial, or one of a name that is spelled.
bool may_be_told(const TextPart& part) {
  if (part.kind == TextPart::Kind::kNumber) return true;  // "IPv6"; mere digits have no letter
  const std::string word = fold_word(part.text);
  std::int32_t i = 0;
  UChar32 c = 0;
  U8_NEXT(word.data(), i, static_cast<std::int32_t>(word.size()), c);
  const bool is_alone = static_cast<std::size_t>(i) == word.size();
  return !is_alone || word == "a" || word == "i" || u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) ||
         u_getIntPropertyValue(c, UCHAR_SCRIPT) == USCRIPT_HIRAGANA;
}

bool has_letter(std::string_view word) {
  const auto size = static_cast<std::int32_t>(word.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(word.data(), i, size, c);
    if (u_isalpha(c)) return true;
  }
  return false;
}

void add_words(std::string_view reply, Words& words) {
  std::set<std::string> found;
  for (const ReplyPiece& piece : split_reply(reply)) {
    if (piece.kind != Kind::kWord) continue;
    for (const TextPart& part : text_parts(piece.text)) {
      const bool is_word =
          part.kind == TextPart::Kind::kWord || part.kind == TextPart::Kind::kNumber;
      if (is_word && has_letter(part.text) && may_be_told(part)) found.insert(fold_word(part.text));
    }
  }
  for (const std::string& word : found) ++words[word];
}

std::vector<Rule> all_rules() {
  std::vector<RuleFile> files;
  for (const EmbeddedFile& file : rule_files()) {
    files.push_back({std::string(file.name), std::string(file.content)});
  }
  RuleSet rules;
  rules.load(files, std::nullopt);
  return rules.rules();
}

// A rule's example is often one of the replies, too.
std::set<std::string> all_replies(const std::string& path) {
  std::set<std::string> replies;
  for (const LabelledReply& reply : parse_labelled_replies(path, read_own_file(path))) {
    replies.insert(reply.text);
  }
  for (const Rule& rule : all_rules()) {
    for (const auto* examples : {&rule.examples, &rule.counter_examples}) {
      for (const RuleExample& example : *examples) replies.insert(example.text);
    }
  }
  return replies;
}

void forget_names(Words& words) {
  const EmbeddedFile& file = embedded_file(knowledge_files(), "knowledge/names.tsv");
  constexpr std::array<std::string_view, 2> kColumns = {"name", "also"};
  for (const TableRow& row : parse_table(file.name, file.content, kColumns)) {
    if (row.cells[1] == "name") words.erase(std::string(row.cells[0]));
  }
}

// Telephone numbers can be spelled, too.
void forget_numbers(const icu::Locale& locale, Words& words) {
  constexpr std::array kOthers = {30, 40, 50, 60, 70, 80, 90, 100, 1000};
  UErrorCode status = U_ZERO_ERROR;
  const icu::RuleBasedNumberFormat spelling(icu::URBNF_SPELLOUT, locale, status);
  const auto forget = [&](int number) {
    icu::UnicodeString spelled;
    std::string word;
    spelling.format(number, spelled).toUTF8String(word);
    const auto found = words.find(fold_word(word));
    if (found != words.end() && found->second < kMinRepliesOfNumber) words.erase(found);
  };
  for (int number = 0; number <= 20 && U_SUCCESS(status); ++number) forget(number);
  for (const int number : kOthers) forget(number);
}

void forget_numbers(Words& words) {
  std::int32_t count = 0;
  const icu::Locale* const locales = icu::Locale::getAvailableLocales(count);
  std::set<std::string> languages;
  for (std::int32_t i = 0; i < count; ++i) {
    if (languages.insert(locales[i].getLanguage()).second) forget_numbers(locales[i], words);
  }
}

std::string pack_words(const std::string& path) {
  Words words;
  for (const std::string& reply : all_replies(path)) add_words(reply, words);
  forget_names(words);
  forget_numbers(words);
  std::string packed;
  for (const auto& [word, replies] : words) {
    if (replies >= kMinReplies) packed += word + '\n';
  }
  return packed;
}

}  // namespace
}  // namespace plainbounce

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: pack_words REPLIES FILE\n");
    return 2;
  }
  try {
    const std::string packed = plainbounce::pack_words(argv[1]);
    std::ofstream(argv[2], std::ios::binary).write(packed.data(), std::ssize(packed)).flush();
    return std::ifstream(argv[2]) ? 0 : 1;
  } catch (const plainbounce::DataError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}

// English changes, and translations stay behind: beside each lies what English said when it was
// made.
//
// PLAINBOUNCE_TRANSLATED=de, once the German texts say what the English ones do, notes that they
// do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "lib/base/ascii.h"
#include "lib/base/own_files.h"
#include "lib/base/tsv.h"
#include "tests/unit/language_files.h"

namespace plainbounce {
namespace {

constexpr std::array<std::string_view, 2> kColumns = {"text", "english"};

// By text: "cause.mailbox-full.steps" -> a fingerprint of all that it says.
using Fingerprints = std::map<std::string, std::string>;

// "cause.mailbox-full.steps.1" -> "cause.mailbox-full.steps"
std::string_view text_of(std::string_view key) {
  for (;;) {
    const std::size_t dot = key.rfind('.');
    if (dot == std::string_view::npos || !is_digit(key[dot + 1])) return key;
    key = key.substr(0, dot);
  }
}

// FNV-1a
void add(std::string_view bytes, std::uint32_t& hash) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
}

Fingerprints fingerprints_of(const Messages& messages) {
  std::map<std::string, std::uint32_t> hashes;
  for (const auto& [key, pattern] : messages.all()) {
    if (key.starts_with("explain.")) continue;  // a translation may leave it out
    std::uint32_t& hash = hashes.emplace(text_of(key), 2166136261U).first->second;
    add(key, hash);
    add("=", hash);
    add(pattern, hash);
  }
  Fingerprints result;
  for (const auto& [text, hash] : hashes) result.emplace(text, fmt::format("{:08x}", hash));
  return result;
}

Fingerprints read_fingerprints(const std::filesystem::path& path) {
  Fingerprints result;
  if (!std::filesystem::exists(path)) return result;
  const std::string content = read_own_file(path.string());
  for (const TableRow& row : parse_table(path.string(), content, kColumns)) {
    result.emplace(row.cells[0], row.cells[1]);
  }
  return result;
}

void write_fingerprints(const std::filesystem::path& path, const Fingerprints& fingerprints) {
  std::ofstream file(path);
  file << "text\tenglish\n# What each English text was when it was translated, as a fingerprint "
          "(tests/unit/stale_translations_test.cc).\n";
  for (const auto& [text, fingerprint] : fingerprints) file << text << '\t' << fingerprint << '\n';
}

class StaleTest : public testing::TestWithParam<std::string> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StaleTest);

TEST_P(StaleTest, TranslationsSayWhatEnglishSays) {
  const std::filesystem::path path = messages_directory() / (GetParam() + ".tsv");
  const Fingerprints english = fingerprints_of(read_language_file("en"));
  const char* const translated = std::getenv("PLAINBOUNCE_TRANSLATED");
  if (translated != nullptr && GetParam() == translated) write_fingerprints(path, english);
  const Fingerprints then = read_fingerprints(path);
  for (const auto& [text, fingerprint] : english) {
    const auto found = then.find(text);
    EXPECT_TRUE(found != then.end() && found->second == fingerprint)
        << GetParam() << ".toml: " << text << ": the English text has changed since";
  }
  for (const auto& [text, fingerprint] : then) {
    EXPECT_EQ(english.count(text), 1U) << path << ": there is no " << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, StaleTest, testing::ValuesIn(translation_files()),
                         language_test_name);

}  // namespace
}  // namespace plainbounce

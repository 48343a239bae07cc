// Run by the build: pack_rules FILE writes what is known of our rules once all of them are read.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "lib/base/data_error.h"
#include "lib/base/embedded.h"
#include "lib/knowledge/provider_codes.h"
#include "lib/knowledge/rule_pack.h"

namespace plainbounce {

// The library's stages, which this is linked with, ask for them; it makes them.
std::span<const EmbeddedFile> packed_rules() { return {}; }
std::span<const EmbeddedFile> packed_words() { return {}; }

namespace {

RuleSet all_rules() {
  std::vector<RuleFile> files;
  for (const EmbeddedFile& file : rule_files()) {
    files.push_back({std::string(file.name), std::string(file.content)});
  }
  RuleSet rules;
  rules.load(files, std::nullopt);
  const EmbeddedFile& names = embedded_file(knowledge_files(), "knowledge/providers.toml");
  Providers providers;
  providers.load(names.name, names.content);
  const EmbeddedFile& codes = embedded_file(knowledge_files(), "knowledge/provider-codes.tsv");
  for (Rule& rule : parse_provider_codes(codes.name, codes.content, providers)) {
    rules.add(std::move(rule));
  }
  return rules;
}

}  // namespace
}  // namespace plainbounce

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: pack_rules FILE\n");
    return 2;
  }
  try {
    const std::string packed = plainbounce::pack_rules(plainbounce::all_rules());
    std::ofstream(argv[1], std::ios::binary).write(packed.data(), std::ssize(packed)).flush();
    return std::ifstream(argv[1]) ? 0 : 1;
  } catch (const plainbounce::DataError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}

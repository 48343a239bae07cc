#include "tests/unit/language_files.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace plainbounce {

namespace fs = std::filesystem;

fs::path messages_directory() {
  const char* const other = std::getenv("PLAINBOUNCE_MESSAGES_DIR");
  return other == nullptr ? fs::path(PLAINBOUNCE_SOURCE_DIR) / "lib/notice/messages"
                          : fs::path(other);
}

std::vector<std::string> language_files() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(messages_directory())) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Messages read_language_file(const std::string& name) {
  const fs::path path = messages_directory() / (name + ".toml");
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return Messages::parse(path.filename().string(), text);
}

std::string language_test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<std::string> translation_files() {
  std::vector<std::string> names = language_files();
  names.erase(std::remove(names.begin(), names.end(), "en"), names.end());
  return names;
}

}  // namespace plainbounce

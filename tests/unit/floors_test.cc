// The rooms of lib/ stand on floors, and each looks only at what is below it (lib/README.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

// From the ground up. A file belongs to the longest of these that its path starts with; read.* is
// the door of its room and stands above prose/.
constexpr std::array<std::string_view, 17> kFloors = {
    "lib/base/",   "lib/mail/",         "lib/reply/",       "lib/typo/",      "lib/knowledge/",
    "lib/report/", "lib/report/prose/", "lib/report/read.", "lib/diagnosis/", "lib/notice/",
    "lib/splice/", "lib/rewrite.",      "lib/explain/",     "lib/workshop/",  "lib/learn/",
    "lib/config/", "milter/",
};

constexpr std::size_t kNoFloor = kFloors.size();

std::size_t floor_of(std::string_view path) {
  std::size_t found = kNoFloor;
  for (std::size_t i = 0; i < kFloors.size(); ++i) {
    if (!path.starts_with(kFloors[i])) continue;
    if (found == kNoFloor || kFloors[i].size() > kFloors[found].size()) found = i;
  }
  return found;
}

// The command line has no floor: it may include all of lib/, and nothing includes it.
bool is_allowed(std::string_view from, std::string_view to) {
  if (to.starts_with("cli/")) return from.starts_with("cli/");
  if (from.starts_with("cli/")) return to.starts_with("lib/");
  const std::size_t floor = floor_of(to);
  return floor != kNoFloor && floor <= floor_of(from);
}

std::vector<fs::path> sources(const fs::path& directory) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string extension = entry.path().extension();
    if (extension == ".cc" || extension == ".h") found.push_back(entry.path());
  }
  return found;
}

TEST(FloorsTest, NoRoomLooksAboveItself) {
  const fs::path root = PLAINBOUNCE_SOURCE_DIR;
  int includes = 0;
  for (const char* top : {"lib", "milter", "cli"}) {
    for (const fs::path& path : sources(root / top)) {
      const std::string from = fs::relative(path, root);
      if (!from.starts_with("cli/")) {
        EXPECT_NE(floor_of(from), kNoFloor) << from << " is in no room";
      }
      std::ifstream in(path);
      for (std::string line; std::getline(in, line);) {
        constexpr std::string_view kInclude = "#include \"";
        if (!line.starts_with(kInclude)) continue;
        const std::string to = line.substr(kInclude.size(), line.rfind('"') - kInclude.size());
        EXPECT_TRUE(is_allowed(from, to)) << from << " includes " << to;
        ++includes;
      }
    }
  }
  EXPECT_GT(includes, 300) << "the includes weren't found";
}

bool is_program(const fs::path& path) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("int main(")) return true;
  }
  return false;
}

TEST(FloorsTest, EverySourceButAProgramHasAHeaderOfItsOwnName) {
  for (const fs::path& path : sources(fs::path(PLAINBOUNCE_SOURCE_DIR) / "lib")) {
    if (path.extension() != ".cc" || is_program(path)) continue;
    EXPECT_TRUE(fs::exists(fs::path(path).replace_extension(".h"))) << path;
  }
}

TEST(FloorsTest, ALookUpwardsIsNoticed) {
  EXPECT_FALSE(is_allowed("lib/report/read.cc", "lib/diagnosis/diagnose.h"));
  EXPECT_FALSE(is_allowed("lib/report/prose/transcript.cc", "lib/report/read.h"));
  EXPECT_FALSE(is_allowed("lib/knowledge/rules.cc", "lib/report/report.h"));
  EXPECT_FALSE(is_allowed("lib/mail/header.cc", "lib/reply/reply.h"));
  EXPECT_FALSE(is_allowed("lib/rewrite.cc", "lib/config/config.h"));
  EXPECT_FALSE(is_allowed("lib/config/config.cc", "milter/session.h"));
  EXPECT_FALSE(is_allowed("cli/main.cc", "milter/session.h"));
  EXPECT_FALSE(is_allowed("milter/main.cc", "cli/input.h"));
  EXPECT_TRUE(is_allowed("lib/report/read.cc", "lib/report/prose/other_bounce.h"));
  EXPECT_TRUE(is_allowed("lib/splice/splice.cc", "lib/notice/notice.h"));
}

}  // namespace

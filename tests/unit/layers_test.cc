// The stages include only what comes before them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kStages = {"report", "knowledge", "diagnosis", "notice",
                                                     "splice"};

// The place of a path such as "lib/notice/write.h" among the stages; files right in lib/ come last.
std::size_t stage_of(std::string_view path) {
  for (std::size_t i = 0; i < kStages.size(); ++i) {
    if (path.starts_with(std::string("lib/") + std::string(kStages[i]) + "/")) return i;
  }
  return kStages.size();
}

// Where data comes from stands outside the stages, and may be seen by all: the compiled-in files
// and the administrator's own.
bool is_allowed(std::string_view from, std::string_view to) {
  if (to == "lib/embedded.h" || to == "lib/own_files.h") return true;
  if (from.starts_with("lib/") && !to.starts_with("lib/")) return false;
  return stage_of(to) <= stage_of(from);
}

TEST(LayersTest, NoStageLooksAhead) {
  const fs::path root = PLAINBOUNCE_SOURCE_DIR;
  int includes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root / "lib")) {
    const std::string extension = entry.path().extension();
    if (extension != ".cc" && extension != ".h") continue;
    const std::string from = fs::relative(entry.path(), root);
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      constexpr std::string_view kInclude = "#include \"";
      if (!line.starts_with(kInclude)) continue;
      const std::string to = line.substr(kInclude.size(), line.rfind('"') - kInclude.size());
      EXPECT_TRUE(is_allowed(from, to)) << from << " includes " << to;
      ++includes;
    }
  }
  EXPECT_GT(includes, 50) << "the includes weren't found";
}

TEST(LayersTest, AStepBackIsNoticed) {
  EXPECT_FALSE(is_allowed("lib/report/read.cc", "lib/diagnosis/diagnose.h"));
  EXPECT_FALSE(is_allowed("lib/splice/splice.cc", "lib/rewrite.h"));
  EXPECT_FALSE(is_allowed("lib/rewrite.cc", "milter/config.h"));
  EXPECT_TRUE(is_allowed("lib/splice/splice.cc", "lib/notice/notice.h"));
}

}  // namespace

#include "lib/base/own_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

namespace plainbounce {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OwnFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "folder.toml");
    for (const char* name : {"b.toml", "a.toml", ".hidden.toml", "a.toml~"}) {
      std::ofstream(folder_ / name) << name;
    }
    std::filesystem::create_symlink("/nonexistent", folder_ / "dangling.toml");
    ASSERT_EQ(mkfifo((folder_ / "fifo.toml").c_str(), 0600), 0);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  using Read = std::string(const std::filesystem::path&);

  std::string complaint(const std::string& name, Read* read = &read_own_file) const {
    try {
      read(folder_ / name);
    } catch (const OwnFileError& error) {
      return error.what();
    }
    return {};
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      ("plainbounce-own-" +
       std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
};

TEST_F(OwnFilesTest, OnlyRegularFilesThatAreNotHiddenCount) {
  EXPECT_THAT(own_files(folder_, ".toml"), ElementsAre(folder_ / "a.toml", folder_ / "b.toml"));
  EXPECT_EQ(read_own_file(folder_ / "a.toml"), "a.toml");
}

TEST_F(OwnFilesTest, AFolderThatCantBeReadIsNamed) {
  for (const char* const name : {"none", "a.toml"}) {
    try {
      own_files(folder_ / name, ".toml");
      ADD_FAILURE() << name;
    } catch (const OwnFileError& error) {
      EXPECT_THAT(error.what(), HasSubstr((folder_ / name).string() + ": "));
    }
  }
}

TEST_F(OwnFilesTest, WhatCantBeReadIsNamed) {
  EXPECT_THROW(own_files(folder_ / "missing", ".toml"), OwnFileError);
  for (const char* name : {"fifo.toml", "folder.toml", "dangling.toml", "missing.toml"}) {
    EXPECT_THAT(complaint(name), HasSubstr(name));
  }
  std::ofstream(folder_ / "large.toml").seekp(kMaxOwnFile) << "x";
  EXPECT_THAT(complaint("large.toml"), HasSubstr("larger"));
  EXPECT_THAT(complaint("large.toml", &read_named_file), HasSubstr("larger"));
  EXPECT_THAT(complaint("folder.toml", &read_named_file), HasSubstr("Is a directory"));
}

TEST_F(OwnFilesTest, ANamedFileMayBeAPipe) {
  std::thread writer([&] { std::ofstream(folder_ / "fifo.toml") << "from a pipe"; });
  EXPECT_EQ(read_named_file(folder_ / "fifo.toml"), "from a pipe");
  writer.join();
}

TEST_F(OwnFilesTest, APipeThatNeverEndsIsTooLarge) {
  EXPECT_THAT(complaint("/dev/zero", &read_named_file), HasSubstr("larger than 16 MiB"));
}

}  // namespace
}  // namespace plainbounce

#include "milter/crash_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <system_error>
#include <thread>

namespace plainbounce {
namespace {

class CrashGuardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = "/tmp/plainbounce-in-hand-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    file_ = directory_ / "in-hand";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // Runs `work` in a process of its own, which ends as `work` makes it end. The wait status.
  static int in_child(const std::function<void()>& work) {
    const pid_t child = fork();
    if (child == 0) {
      work();
      std::_Exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }

  // A process that dies while it has these messages in hand.
  void die_with(const std::vector<std::uint64_t>& messages) {
    const int status = in_child([&] {
      CrashGuard crash_guard(file_);
      std::vector<CrashGuard::Mark> marks;
      for (const std::uint64_t message : messages) marks.push_back(crash_guard.mark(message));
      raise(SIGKILL);
    });
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }

  // How many messages the file says are in hand.
  std::size_t marked() const {
    std::ifstream in(file_, std::ios::binary);
    in.seekg((2 + CrashGuard::kSuspects) * sizeof(std::uint64_t));
    std::uint64_t value = 0;
    std::size_t count = 0;
    while (in.read(reinterpret_cast<char*>(&value), sizeof(value))) count += value != 0;
    return count;
  }

  std::string refusal() const {
    try {
      CrashGuard crash_guard(file_);
      return "";
    } catch (const std::system_error& error) {
      return error.what();
    }
  }

  std::filesystem::path directory_;
  std::filesystem::path file_;
};

TEST_F(CrashGuardTest, OnlyTheStartAfterADeathTellsOfIt) {
  die_with({11, 12});
  EXPECT_EQ(CrashGuard(file_).leftovers(), 2U);
  CrashGuard crash_guard(file_);
  EXPECT_EQ(crash_guard.leftovers(), 0U);
  EXPECT_TRUE(crash_guard.is_suspect(11));
}

TEST_F(CrashGuardTest, WhatIsInHandAtACleanStopIsSuspectButNoDeath) {
  {
    CrashGuard crash_guard(file_);
    const CrashGuard::Mark mark = crash_guard.mark(11);
    EXPECT_EQ(crash_guard.suspect_marked(), 1U);
    EXPECT_EQ(marked(), 0U);
  }
  const CrashGuard crash_guard(file_);
  EXPECT_EQ(crash_guard.leftovers(), 0U);
  EXPECT_TRUE(crash_guard.is_suspect(11));
  EXPECT_EQ(CrashGuard().suspect_marked(), 0U);
}

TEST_F(CrashGuardTest, MessagesInHandAtAKillAreSuspect) {
  die_with({11, 12});
  CrashGuard crash_guard(file_);
  EXPECT_TRUE(crash_guard.is_suspect(11));
  EXPECT_TRUE(crash_guard.is_suspect(12));
  EXPECT_FALSE(crash_guard.is_suspect(13));
  EXPECT_EQ(crash_guard.suspects(), 2U);
  crash_guard.suspect(14);
  crash_guard.suspect(14);
  EXPECT_TRUE(crash_guard.is_suspect(14));
  EXPECT_EQ(crash_guard.suspects(), 3U);
}

TEST_F(CrashGuardTest, MessageThatCrashesTheProcessIsSuspect) {
  const int status = in_child([&] {
    CrashGuard crash_guard(file_);
    const auto mark = crash_guard.mark(21);
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(CrashGuard(file_).is_suspect(21));
}

TEST_F(CrashGuardTest, MessageThatWasDoneIsNotSuspect) {
  in_child([&] {
    CrashGuard crash_guard(file_);
    { const auto mark = crash_guard.mark(31); }
    auto moved_from = crash_guard.mark(32);
    { const auto moved = std::move(moved_from); }
    raise(SIGKILL);
  });
  EXPECT_EQ(CrashGuard(file_).suspects(), 0U);
}

TEST_F(CrashGuardTest, SuspectsOutliveCleanRestarts) {
  die_with({41});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(CrashGuard(file_).is_suspect(41)) << i;
}

TEST_F(CrashGuardTest, SuspectThatCrashesAgainIsKeptOnce) {
  die_with({41});
  die_with({41});
  EXPECT_EQ(CrashGuard(file_).suspects(), 1U);
}

TEST_F(CrashGuardTest, OldestSuspectIsForgottenFirst) {
  for (std::uint64_t i = 1; i <= CrashGuard::kSuspects + 2; ++i) die_with({i});
  CrashGuard crash_guard(file_);
  EXPECT_EQ(crash_guard.suspects(), CrashGuard::kSuspects);
  EXPECT_FALSE(crash_guard.is_suspect(1));
  EXPECT_FALSE(crash_guard.is_suspect(2));
  EXPECT_TRUE(crash_guard.is_suspect(3));
  EXPECT_TRUE(crash_guard.is_suspect(CrashGuard::kSuspects + 2));
}

TEST_F(CrashGuardTest, MoreMessagesThanSlotsGoUnmarked) {
  CrashGuard crash_guard(file_);
  std::vector<CrashGuard::Mark> marks;
  for (std::uint64_t i = 1; i <= CrashGuard::kSlots + 5; ++i) marks.push_back(crash_guard.mark(i));
  EXPECT_EQ(marked(), CrashGuard::kSlots);
  marks.clear();
  EXPECT_EQ(marked(), 0U);
}

TEST_F(CrashGuardTest, ThreadsDoNotTakeEachOthersSlots) {
  CrashGuard crash_guard(file_);
  std::vector<CrashGuard::Mark> kept(8);
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) const auto mark = crash_guard.mark(t + 1);
      kept[t] = crash_guard.mark(t + 1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(marked(), 8U);
  kept.clear();
  EXPECT_EQ(marked(), 0U);
}

TEST_F(CrashGuardTest, FileIsPrivateAndOfFixedSize) {
  { const CrashGuard crash_guard(file_); }
  struct stat status {};
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  const auto size = status.st_size;
  die_with({1, 2, 3});
  { const CrashGuard crash_guard(file_); }
  ASSERT_EQ(stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_size, size);
}

TEST_F(CrashGuardTest, ForeignOrDamagedContentIsReplaced) {
  for (const std::string& content :
       {std::string("text"), std::string(2576, 'x'), std::string(100000, '\0')}) {
    std::ofstream(file_, std::ios::binary) << content;
    EXPECT_EQ(CrashGuard(file_).suspects(), 0U);
    die_with({51});
    EXPECT_TRUE(CrashGuard(file_).is_suspect(51));
    std::filesystem::remove(file_);
  }
}

TEST_F(CrashGuardTest, SecondProcessIsRefused) {
  CrashGuard crash_guard(file_);
  EXPECT_THAT(refusal(), ::testing::HasSubstr("is used by another process"));
}

TEST_F(CrashGuardTest, WhatIsNoRegularFileIsRefused) {
  std::filesystem::create_symlink("/tmp/plainbounce-elsewhere", file_);
  EXPECT_THAT(refusal(), ::testing::HasSubstr("can't be opened"));
  EXPECT_FALSE(std::filesystem::exists("/tmp/plainbounce-elsewhere"));
  std::filesystem::remove(file_);
  mkfifo(file_.c_str(), 0600);
  EXPECT_THAT(refusal(), ::testing::HasSubstr("isn't a regular file"));
  std::filesystem::remove(file_);
  std::filesystem::create_directory(file_);
  EXPECT_THAT(refusal(), ::testing::HasSubstr("can't be opened"));
}

TEST_F(CrashGuardTest, WithoutAFileSuspectsAreRememberedAsLongAsItLives) {
  CrashGuard crash_guard;
  const auto mark = crash_guard.mark(1);
  EXPECT_FALSE(crash_guard.is_suspect(1));
  crash_guard.suspect(2);
  EXPECT_TRUE(crash_guard.is_suspect(2));
  EXPECT_EQ(crash_guard.suspects(), 1U);
  EXPECT_FALSE(CrashGuard().is_suspect(2));
}

TEST(FingerprintTest, IsTheSameForABounceMadeAnew) {
  EXPECT_EQ(fingerprint({"alice@example.org"}, "--4F1C.1700000000/mail\r\nText\r\n"),
            fingerprint({"Alice@Example.ORG"}, "--4F1C.1800000999/mail\r\nText\r\n"));
  EXPECT_EQ(fingerprint({"a@x", "b@x"}, ""), fingerprint({"b@x", "a@x"}, ""));
}

TEST(FingerprintTest, TellsMessagesApart) {
  const std::uint64_t one = fingerprint({"alice@example.org"}, "Text");
  EXPECT_NE(one, fingerprint({"bob@example.org"}, "Text"));
  EXPECT_NE(one, fingerprint({"alice@example.org"}, "Texts"));
  EXPECT_NE(one, fingerprint({"alice@example.org", ""}, "Text"));
  EXPECT_NE(fingerprint({"ab", "c"}, ""), fingerprint({"a", "bc"}, ""));
  EXPECT_NE(fingerprint({}, ""), 0U);
}

}  // namespace
}  // namespace plainbounce

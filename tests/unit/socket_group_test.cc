#include "lib/config/socket_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <system_error>

#include "lib/config/config.h"

namespace plainbounce {
namespace {

// A directory whose group needs a buffer of that size.
GroupLookup group_of_size(std::size_t size) {
  return [size](const char*, group* entry, char*, std::size_t given, group** found) {
    *found = nullptr;
    if (given < size) return ERANGE;
    entry->gr_gid = 7;
    *found = entry;
    return 0;
  };
}

TEST(SocketGroupTest, GroupMayHaveThousandsOfMembers) {
  for (const std::size_t size : {1U, 16384U, 16385U, 1000000U, 16777216U}) {
    EXPECT_EQ(group_id("x", group_of_size(size)), 7U) << size;
  }
}

TEST(SocketGroupTest, WhatNeverFitsEndsInAnError) {
  EXPECT_THROW(group_id("x", group_of_size(std::size_t{1} << 40)), std::system_error);
}

TEST(SocketGroupTest, UnknownGroupIsAMistakeOfTheConfiguration) {
  EXPECT_THROW(group_id("no such group"), ConfigError);
  EXPECT_EQ(group_id("root"), 0U);
}

}  // namespace
}  // namespace plainbounce

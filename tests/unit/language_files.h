// The language files as they stand in the source tree.
#ifndef PLAINBOUNCE_TESTS_UNIT_LANGUAGE_FILES_H_
#define PLAINBOUNCE_TESTS_UNIT_LANGUAGE_FILES_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "lib/notice/catalogue.h"

namespace plainbounce {

// lib/notice/messages, or what the environment's PLAINBOUNCE_MESSAGES_DIR names.
std::filesystem::path messages_directory();

std::vector<std::string> language_files();     // "de", "en", "pt-BR"
std::vector<std::string> translation_files();  // the same without English
Messages read_language_file(const std::string& name);

// "pt-BR" -> "pt_BR", as a test may be called.
std::string language_test_name(const testing::TestParamInfo<std::string>& info);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_LANGUAGE_FILES_H_

#include "lib/own_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

namespace plainbounce {

std::vector<std::filesystem::path> own_files(const std::filesystem::path& directory,
                                             std::string_view extension) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const bool hidden = entry.path().filename().string().starts_with('.');
    std::error_code ignored;
    if (!hidden && entry.path().extension() == extension && entry.is_regular_file(ignored)) {
      files.push_back(entry.path());
    }
  }
  if (error) {
    throw OwnFileError(fmt::format("{}: {}", directory.string(), error.message()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_own_file(const std::filesystem::path& path) {
  const auto fail = [&](std::string_view why) {
    throw OwnFileError(fmt::format("{}: {}", path.string(), why));
  };
  // Others, such as a FIFO, might never end.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) fail("is no regular file");
  if (std::filesystem::file_size(path, error) > kMaxOwnFile) fail("is larger than 16 MiB");
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) fail("can't be read");
  std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) fail("can't be read");
  return content;
}

}  // namespace plainbounce

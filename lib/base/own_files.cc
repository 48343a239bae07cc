#include "lib/base/own_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace plainbounce {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view why) {
  throw OwnFileError(fmt::format("{}: {}", path.string(), why));
}

[[noreturn]] void fail_to_read(const std::filesystem::path& path, int error) {
  fail(path, fmt::format("can't be read: {}", std::generic_category().message(error)));
}

}  // namespace

std::vector<std::filesystem::path> own_files(const std::filesystem::path& directory,
                                             std::string_view extension) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  // Not a range: its ++ throws std::filesystem_error where reading the directory fails midway.
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::filesystem::path& path = it->path();
    const bool hidden = path.filename().string().starts_with('.');
    std::error_code ignored;
    if (!hidden && path.extension() == extension && it->is_regular_file(ignored)) {
      files.push_back(path);
    }
  }
  if (error) fail(directory, error.message());
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_own_file(const std::filesystem::path& path) {
  // Others, such as a FIFO in a directory, might never end.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) fail(path, "is no regular file");
  return read_named_file(path);
}

std::string read_named_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) fail_to_read(path, EISDIR);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) fail_to_read(path, errno);
  std::string content;
  std::array<char, kPiece> piece{};
  while (in) {
    in.read(piece.data(), piece.size());
    content.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (content.size() > kMaxOwnFile) fail(path, "is larger than 16 MiB");
  }
  if (in.bad()) fail_to_read(path, EIO);
  return content;
}

}  // namespace plainbounce

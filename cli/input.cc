#include "cli/input.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace plainbounce {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string read_all(std::FILE* file, const std::string& path) {
  std::string content;
  char chunk[65536];
  while (const std::size_t size = std::fread(chunk, 1, sizeof chunk, file)) {
    content.append(chunk, size);
  }
  if (std::ferror(file) != 0) throw InputError(path + ": " + std::strerror(errno));
  return content;
}

}  // namespace

std::string read_input(const std::string& path) {
  if (path == "-") return read_all(stdin, "standard input");
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) throw InputError(path + ": " + std::strerror(errno));
  return read_all(file.get(), path);
}

}  // namespace plainbounce

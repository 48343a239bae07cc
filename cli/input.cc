#include "cli/input.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace plainbounce {
namespace {

void visit_lines_of(std::FILE* file, const std::string& path,
                    const std::function<void(std::string_view)>& visit) {
  std::string begun;  // a line whose end wasn't read yet
  char chunk[65536];
  while (const std::size_t size = std::fread(chunk, 1, sizeof chunk, file)) {
    std::string_view rest(chunk, size);
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      visit(begun.append(rest.substr(0, end)));
      begun.clear();
      rest.remove_prefix(end + 1);
    }
    begun.append(rest);
  }
  if (std::ferror(file) != 0) throw InputError(path + ": " + std::strerror(errno));
  if (!begun.empty()) visit(begun);
}

std::string read_all(std::FILE* file, const std::string& path) {
  std::string content;
  char chunk[65536];
  while (const std::size_t size = std::fread(chunk, 1, sizeof chunk, file)) {
    content.append(chunk, size);
  }
  if (std::ferror(file) != 0) throw InputError(path + ": " + std::strerror(errno));
  return content;
}

std::vector<std::string> files_in(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool ends_with_empty_line(std::string_view text) {
  return text.ends_with("\n\n") || text.ends_with("\r\n\r\n");
}

// The next line that begins "From " at or after `from`, at the start or below an empty line; npos:
// none.
std::size_t find_separator(std::string_view mbox, std::size_t from) {
  constexpr std::string_view kSeparator = "\nFrom ";
  if (from == 0 && mbox.starts_with(kSeparator.substr(1))) return 0;
  // One pass for both line ends: to look for each on its own would read a CRLF mbox to its end for
  // every message.
  std::size_t newline = mbox.find(kSeparator, from);
  while (newline != std::string_view::npos &&
         !ends_with_empty_line(mbox.substr(from, newline + 1 - from))) {
    newline = mbox.find(kSeparator, newline + 1);
  }
  return newline == std::string_view::npos ? newline : newline + 1;
}

// The empty line at a message's end belongs to the mbox.
std::string_view without_empty_line(std::string_view message) {
  for (const std::string_view end : {"\r\n", "\n"}) {
    if (!message.ends_with(end)) continue;
    const std::string_view rest = message.substr(0, message.size() - end.size());
    return rest.ends_with(end) ? rest : message;
  }
  return message;
}

void visit_mbox(const std::string& path, std::string_view mbox,
                const std::function<void(const InputMessage&)>& visit) {
  std::size_t number = 0;
  std::size_t at = find_separator(mbox, 0);
  while (at != std::string_view::npos) {
    const std::size_t begin = std::min(mbox.find('\n', at), mbox.size() - 1) + 1;
    const std::size_t next = find_separator(mbox, begin);
    const std::size_t end = std::min(next, mbox.size());
    visit({path + "#" + std::to_string(++number),
           std::string(without_empty_line(mbox.substr(begin, end - begin)))});
    at = next;
  }
}

}  // namespace

OpenFile open_file(const std::string& path, const char* mode) {
  OpenFile file(std::fopen(path.c_str(), mode));
  if (file == nullptr) throw InputError(path + ": " + std::strerror(errno));
  return file;
}

std::string read_input(const std::string& path) {
  if (path == "-") return read_all(stdin, "standard input");
  return read_all(open_file(path, "rb").get(), path);
}

void visit_lines(const std::string& path, const std::function<void(std::string_view)>& visit) {
  if (path == "-") return visit_lines_of(stdin, "standard input", visit);
  visit_lines_of(open_file(path, "rb").get(), path, visit);
}

void visit_messages(const MessageSource& source,
                    const std::function<void(const InputMessage&)>& visit) {
  for (const std::string& path : source.paths) {
    std::error_code error;
    const bool is_folder = path != "-" && std::filesystem::is_directory(path, error);
    for (const std::string& file : is_folder ? files_in(path) : std::vector{path}) {
      if (source.mbox) {
        visit_mbox(file, read_input(file), visit);
      } else {
        visit({file, read_input(file)});
      }
    }
  }
}

}  // namespace plainbounce

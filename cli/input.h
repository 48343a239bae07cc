// Files and standard input -> bytes.
#ifndef PLAINBOUNCE_CLI_INPUT_H_
#define PLAINBOUNCE_CLI_INPUT_H_

#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// A file that can't be read: what() names it and says why. Exit status 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

// As fopen(3). Throws InputError.
OpenFile open_file(const std::string& path, const char* mode);

// The whole of a file, or of standard input for "-". Throws InputError.
std::string read_input(const std::string& path);

// Calls `visit` with each line of a file, or of standard input for "-", without its "\n". Holds one
// line at a time, whatever the file's size. Throws InputError.
void visit_lines(const std::string& path, const std::function<void(std::string_view)>& visit);

// Where messages come from.
struct MessageSource {
  std::vector<std::string> paths;  // "-": standard input; a folder (Maildir): every file in it
  bool mbox = false;               // each file holds many messages, in the mbox form (RFC 4155)
};

struct InputMessage {
  std::string name;   // the file's path; in an mbox with "#" and the message's number, from 1
  std::string bytes;  // as they stand in the file, without the mbox's "From " line
};

// Calls `visit` with each message in turn; a folder's files by name. Throws InputError.
void visit_messages(const MessageSource& source,
                    const std::function<void(const InputMessage&)>& visit);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_INPUT_H_

// Files and standard input -> bytes.
#ifndef PLAINBOUNCE_CLI_INPUT_H_
#define PLAINBOUNCE_CLI_INPUT_H_

#include <stdexcept>
#include <string>

namespace plainbounce {

// A file that can't be read: what() names it and says why. Exit status 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The whole of a file, or of standard input for "-". Throws InputError.
std::string read_input(const std::string& path);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_CLI_INPUT_H_

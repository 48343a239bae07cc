// What is wrong with a data file, a message file or a template: said once, where it is loaded.
#ifndef PLAINBOUNCE_LIB_BASE_DATA_ERROR_H_
#define PLAINBOUNCE_LIB_BASE_DATA_ERROR_H_

#include <stdexcept>
#include <string_view>

namespace plainbounce {

// A file that can't be used: what() is "FILE:LINE: what was found, what was expected". Every
// mistake of the administrator's that loading finds is one, and ends both programs with exit
// status 2.
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// DataError "FILE:LINE: message".
[[noreturn]] void fail_at(std::string_view file, int line, std::string_view message);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_DATA_ERROR_H_

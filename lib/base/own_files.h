// The administrator's own files, read when data is loaded.
#ifndef PLAINBOUNCE_LIB_BASE_OWN_FILES_H_
#define PLAINBOUNCE_LIB_BASE_OWN_FILES_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/data_error.h"

namespace plainbounce {

// What can't be read: what() names it and says why.
class OwnFileError : public DataError {
 public:
  using DataError::DataError;
};

// A file larger than this is refused.
inline constexpr std::size_t kMaxOwnFile = std::size_t{16} << 20;

// The regular files of a directory with that extension (".toml"), by name; without hidden ones,
// such as editors leave. Throws OwnFileError.
std::vector<std::filesystem::path> own_files(const std::filesystem::path& directory,
                                             std::string_view extension);

// The whole of a regular file. Throws OwnFileError.
std::string read_own_file(const std::filesystem::path& path);

// The same for a file that the administrator names on the command line: it may be a pipe, too, as
// in `--conf <(...)`. Reads that to its end, or until it is larger than kMaxOwnFile.
std::string read_named_file(const std::filesystem::path& path);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_OWN_FILES_H_

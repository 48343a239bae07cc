#include "lib/base/embedded.h"

#include <algorithm>
#include <string>

#include "lib/base/data_error.h"

namespace plainbounce {

const EmbeddedFile& embedded_file(std::span<const EmbeddedFile> files, std::string_view name) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const EmbeddedFile& file) { return file.name == name; });
  if (found == files.end()) throw DataError(std::string(name) + " wasn't compiled in");
  return *found;
}

}  // namespace plainbounce

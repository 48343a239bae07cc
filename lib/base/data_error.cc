#include "lib/base/data_error.h"

#include <fmt/format.h>

namespace plainbounce {

void fail_at(std::string_view file, int line, std::string_view message) {
  throw DataError(fmt::format("{}:{}: {}", file, line, message));
}

}  // namespace plainbounce

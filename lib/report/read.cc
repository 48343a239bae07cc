#include "lib/report/read.h"

namespace plainbounce {
Report read_report(std::string_view) { return {}; }
}  // namespace plainbounce

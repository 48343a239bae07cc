// Message bytes -> Report.
#ifndef PLAINBOUNCE_LIB_REPORT_READ_H_
#define PLAINBOUNCE_LIB_REPORT_READ_H_

#include <stop_token>
#include <string_view>

#include "lib/knowledge/stock_phrases.h"
#include "lib/report/report.h"

namespace plainbounce {

// Reads a whole message (RFC 5322), LF or CRLF. `phrases` are Knowledge::stock_phrases(). Total:
// any bytes give a Report. The returned message's body isn't parsed. Thread-safe. Throws
// Stopped (lib/base/stop.h).
Report read_report(std::string_view message, const StockPhrases& phrases,
                   const std::stop_token& stop = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_READ_H_

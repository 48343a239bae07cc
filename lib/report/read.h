// Message bytes -> Report.
#ifndef PLAINBOUNCE_LIB_REPORT_READ_H_
#define PLAINBOUNCE_LIB_REPORT_READ_H_

#include <string_view>

#include "lib/knowledge/stock_phrases.h"
#include "lib/report/report.h"

namespace plainbounce {

// Reads a whole message (RFC 5322), LF or CRLF. `phrases` are Knowledge::stock_phrases(). Total:
// any bytes give a Report. The returned message's body isn't parsed. Thread-safe.
Report read_report(std::string_view message, const StockPhrases& phrases);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_READ_H_

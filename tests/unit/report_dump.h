// Report -> text for tests to compare: one line for each field that is set.
#ifndef PLAINBOUNCE_TESTS_UNIT_REPORT_DUMP_H_
#define PLAINBOUNCE_TESTS_UNIT_REPORT_DUMP_H_

#include <string>

#include "lib/report/report.h"

namespace plainbounce {

// Everything but the notification's text. Texts are quoted, times are "unix seconds+offset".
std::string dump(const Report& report);

// "code=550 status=5.1.1 stage=rcpt host=mx address=192.0.2.1 text=..."
std::string dump(const Reply& reply);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_REPORT_DUMP_H_

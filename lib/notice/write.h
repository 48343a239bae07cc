// Report + Diagnosis -> Notice.
#ifndef PLAINBOUNCE_LIB_NOTICE_WRITE_H_
#define PLAINBOUNCE_LIB_NOTICE_WRITE_H_

#include <stop_token>
#include <string>
#include <vector>

#include "lib/diagnosis/diagnosis.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/catalogue.h"
#include "lib/notice/notice.h"
#include "lib/report/report.h"

namespace plainbounce {

// Writes the notice in the reader's language (language.h), and in the house's second one below it.
// `readers`: the addresses that it goes to; empty: not known. `diagnosis` is diagnose(report).
// Total and thread-safe; throws Stopped (lib/base/stop.h). Remote text appears quoted, escaped and
// length-limited only; the server's original notice stands verbatim at the end of the text form.
Notice write_notice(const Report& report, const Diagnosis& diagnosis, const Knowledge& knowledge,
                    const Catalogue& catalogue, const House& house,
                    const std::vector<std::string>& readers = {}, const std::stop_token& stop = {});

// The short form that is put above the text of another bounce: headline, what happened, whose turn
// it is, first steps, and that the original follows; in `house.language`. Language and text only;
// the rest stays empty.
Notice write_preface(const Report& report, const Diagnosis& diagnosis, const Knowledge& knowledge,
                     const Catalogue& catalogue, const House& house,
                     const std::stop_token& stop = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_WRITE_H_

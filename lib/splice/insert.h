// Message bytes + a few paragraphs -> the one edit that puts them above the message's own text.
#ifndef PLAINBOUNCE_LIB_SPLICE_INSERT_H_
#define PLAINBOUNCE_LIB_SPLICE_INSERT_H_

#include <stop_token>
#include <string_view>

#include "lib/notice/notice.h"
#include "lib/report/report.h"
#include "lib/splice/splice.h"

namespace plainbounce {

// Inserts `preface.text` and an empty line at the start of the first text/plain part, in that
// part's own charset and transfer encoding; no byte of the message changes. The subject stays.
// None: the place isn't certain, the part's charset can't hold the text, or a line of it would look
// like a delimiter. `preface.text` is UTF-8, its lines end LF.
Plan plan_insertion(std::string_view message, const Report& report, const Notice& preface,
                    std::string_view version, const std::stop_token& stop = {});

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_SPLICE_INSERT_H_

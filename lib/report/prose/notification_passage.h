// The human-readable part's text -> what it says of each recipient.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_NOTIFICATION_PASSAGE_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_NOTIFICATION_PASSAGE_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "lib/report/report.h"

namespace plainbounce {

// Bytes kept for one recipient.
inline constexpr std::size_t kMaxPassage = 8192;

// Sets RecipientReport::passage. Reads the text once, whatever the number of recipients:
//  - Postfix, OpenSMTPD, qmail: the paragraph that the address begins, "<addr>: ...";
//  - Exim: the address on a line of its own, and the lines that are indented deeper;
//  - Sendmail: the same with "(reason: ...)", and the session transcript's lines about the address;
//  - Exchange: the paragraph above the addresses, where there is no Diagnostic-Code;
//  - others: the first lines that mention the address, to the end of the paragraph.
void find_passages(std::string_view text, std::vector<RecipientReport>& recipients);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_NOTIFICATION_PASSAGE_H_

// A bounce without a delivery-status part -> its recipients, and the message that came back.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_OTHER_BOUNCE_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_OTHER_BOUNCE_H_

#include <stop_token>
#include <string_view>

#include "lib/knowledge/stock_phrases.h"
#include "lib/mail/entity.h"
#include "lib/report/report.h"

namespace plainbounce {

// Sets Report::recipients and, where the text itself holds the message that came back,
// Report::returned. The top-level header, the notification and a returned message of its own part
// (`returned`: its bytes; empty: none) have been read. Each recipient has an address, an action
// and what the words say of it; none where the words name nobody. A delivery-status block that
// stands in the text is read as such.
void read_other_bounce(const Entity& root, const PartList& parts, std::string_view returned,
                       const StockPhrases& phrases, Report& report,
                       const std::stop_token& stop = {});

// What the words say became of the message, where no field does: failed, unless they tell of a
// delay or a success. kNone: they are the postmaster's copy of a session.
Action action_told(std::string_view words, const Report& report, const StockPhrases& phrases);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_OTHER_BOUNCE_H_

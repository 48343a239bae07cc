// A report on one recipient, read as far as its replies.
#ifndef PLAINBOUNCE_TESTS_UNIT_REPORT_ON_H_
#define PLAINBOUNCE_TESTS_UNIT_REPORT_ON_H_

#include <utility>

#include "lib/report/recipient_replies.h"
#include "lib/report/report.h"

namespace plainbounce {

inline Report report_on(RecipientReport recipient) {
  Report report;
  report.kind = MessageKind::kReport;
  std::size_t left = kMaxReplies;
  recipient.replies = read_replies(recipient, left);
  report.recipients.push_back(std::move(recipient));
  return report;
}

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_REPORT_ON_H_

// A bounce's words and headers -> the addresses whose delivery failed, and those that were reached.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_FAILED_ADDRESS_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_FAILED_ADDRESS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/knowledge/stock_phrases.h"
#include "lib/mail/header.h"
#include "lib/report/report.h"

namespace plainbounce {

// Addresses taken from one bounce.
inline constexpr std::size_t kMaxFailedAddresses = 1000;

// What tells of the addresses. The references must outlive it.
struct AddressEvidence {
  const Header& header;           // the bounce's own
  std::string_view words;         // BounceText::words
  const Header& returned_header;  // of the message that comes back; empty: none
  const Report& report;           // with the top-level header and the returned message
  const StockPhrases& phrases;
};

struct NamedAddresses {
  // In the order in which they are named, each once. The surest source that names any decides:
  // header fields (kField); lines that begin with an address, or a label in front of one; commands
  // of a session ("RCPT TO:<...>"); addresses in the words that the message went to; others there;
  // the subject; a local user's name; what the returned message says of its own recipient. The
  // sender's own address counts only where a line begins with it and no other is named.
  std::vector<std::string> failed;
  // Those below a line that says the message was delivered to them (kSuccess).
  std::vector<std::string> reached;
};
NamedAddresses find_addresses_told(const AddressEvidence& evidence);

// The address that a line is about, after bullets, codes, quotes and brackets; a view into the
// line. Empty: it begins with something else.
std::string_view leading_address(std::string_view line);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_FAILED_ADDRESS_H_

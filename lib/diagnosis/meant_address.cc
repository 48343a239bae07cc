#include "lib/diagnosis/meant_address.h"

#include <set>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/mail/address.h"
#include "lib/typo/meant_domain.h"
#include "lib/typo/public_suffix.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxAddress = 320;  // RFC 3696, erratum 1690: 64 + 1 + 255
constexpr std::size_t kMaxOthers = 50;    // domains of the message that are looked at

// The names of the domains in a message that nothing is wrong with.
class OtherDomains {
 public:
  void leave_out(std::string_view address) { seen_.insert(domain_of(address)); }

  void add(std::string_view address) {
    if (names_.size() == kMaxOthers || address.size() > kMaxAddress) return;
    const std::string domain = domain_of(address);
    const SplitDomain split = split_domain(domain);
    if (split.name.empty() || split.suffix.empty() || !seen_.insert(domain).second) return;
    names_.push_back({std::string(split.name), Standing::kMessage, {std::string(split.suffix)}});
  }

  const std::vector<MailName>& names() const { return names_; }

 private:
  std::set<std::string, std::less<>> seen_;
  std::vector<MailName> names_;
};

std::vector<MailName> find_others(const Report& report, const CauseTable& causes,
                                  const Diagnosis& diagnosis) {
  OtherDomains others;
  others.add(report.original_sender);
  for (const Mailbox& mailbox : report.returned.from) others.add(mailbox.address);
  for (const RecipientDiagnosis& recipient : diagnosis.recipients) {
    if (causes[recipient.cause].domain) others.leave_out(recipient.address);
  }
  for (const RecipientDiagnosis& recipient : diagnosis.recipients) others.add(recipient.address);
  for (const auto* const mailboxes : {&report.returned.to, &report.returned.cc}) {
    for (const Mailbox& mailbox : *mailboxes) others.add(mailbox.address);
  }
  return others.names();
}

}  // namespace

void fill_meant_addresses(const Report& report, const Knowledge& knowledge, Diagnosis& diagnosis,
                          const std::stop_token& stop) {
  const std::vector<MailName> others = find_others(report, knowledge.causes(), diagnosis);
  for (RecipientDiagnosis& recipient : diagnosis.recipients) {
    end_if_stopped(stop);
    const auto& existence = knowledge.cause(recipient.cause).domain;
    const std::size_t at = recipient.address.rfind('@');
    if (!existence || at == std::string::npos || at == 0) continue;
    if (recipient.address.size() > kMaxAddress) continue;
    const std::string_view address = recipient.address;
    const std::string meant =
        find_meant_domain(address.substr(at + 1), *existence, knowledge.mail_domains(), others);
    if (meant.empty()) continue;
    recipient.facts.meant_address = std::string(address.substr(0, at + 1)) + meant;
  }
}

}  // namespace plainbounce

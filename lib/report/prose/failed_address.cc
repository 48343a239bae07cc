#include "lib/report/prose/failed_address.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/text.h"
#include "lib/mail/address.h"
#include "lib/mail/address_scan.h"
#include "lib/mail/field_value.h"
#include "lib/report/prose/labelled_addresses.h"
#include "lib/report/prose/prose_lines.h"

namespace plainbounce {
namespace {

using Names = std::unordered_set<std::string>;

// Addresses in the order in which they were found, each once.
class AddressList {
 public:
  void add(std::string_view address) {
    if (address.empty() || address.size() > kMaxAddress) return;
    if (list_.size() == kMaxFailedAddresses) return;
    // A trace field may hold any bytes.
    if (seen_.insert(canonical_address(address)).second) list_.push_back(valid_utf8(address));
  }
  bool empty() const { return list_.empty(); }
  const std::vector<std::string>& all() const { return list_; }
  std::vector<std::string> take() { return std::move(list_); }

 private:
  static constexpr std::size_t kMaxAddress = 1000;  // bytes; RFC 5321 section 4.5.3.1 allows 254

  std::vector<std::string> list_;
  Names seen_;
};

// A mail system's own address.
bool is_daemon(std::string_view address) {
  return equals_ignoring_case(local_part(address), "mailer-daemon");
}

bool is_postmaster(std::string_view address) {
  return equals_ignoring_case(local_part(address), "postmaster");
}

void insert(const std::vector<Mailbox>& mailboxes, Names& names) {
  for (const Mailbox& mailbox : mailboxes) names.insert(canonical_address(mailbox.address));
}

// Who got the bounce: whoever sent the message, and through whom.
Names senders(const Report& report) {
  Names names;
  insert(report.to, names);
  insert(report.returned.from, names);
  names.insert(canonical_address(report.from.address));
  names.insert(canonical_address(report.return_path));
  names.insert(canonical_address(report.original_sender));
  return names;
}

Names receivers(const Report& report) {
  Names names;
  insert(report.returned.to, names);
  insert(report.returned.cc, names);
  return names;
}

bool is_code_char(char c) { return is_digit(c) || c == '.' || c == '-'; }

// Passes over what stands in front of an address that a line is about.
std::string_view skip_opening(std::string_view line) {
  constexpr std::string_view kMarks = " \t*-|>\"'`([<#:";
  constexpr std::array<std::string_view, 3> kBullets = {"\u2022", "\u00B7", "\u3000"};
  for (bool moved = true; moved && !line.empty();) {
    const std::size_t begin = line.size();
    line.remove_prefix(std::min(line.find_first_not_of(kMarks), line.size()));
    for (const std::string_view bullet : kBullets) {
      if (line.starts_with(bullet)) line.remove_prefix(bullet.size());
    }
    moved = line.size() < begin;
  }
  return line;
}

// "550 5.1.1 <anna@example.com>" -> "<anna@example.com>"
std::string_view skip_codes(std::string_view line) {
  for (int i = 0; i < 2; ++i) {
    const std::size_t blank = line.find(' ');
    if (blank == 0 || blank == std::string_view::npos || blank > 8 ||
        !std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(blank),
                     is_code_char)) {
      break;
    }
    line = skip_opening(line.substr(blank));
  }
  return line;
}

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  return ascii_lower(text).find(word) != std::string::npos;
}

// The addresses of a session's RCPT commands; an ORCPT parameter repeats its address.
void add_commanded(std::string_view line, AddressList& list) {
  const std::size_t command = ascii_lower(line).find("rcpt to");
  if (command == std::string_view::npos) return;
  const auto addresses = find_addresses(line.substr(command));
  if (!addresses.empty()) list.add(addresses.front());
}

// How many of the addresses are in the other list.
std::size_t count_shared(const AddressList& list, const AddressList& other) {
  Names names;
  for (const std::string& address : other.all()) names.insert(canonical_address(address));
  return static_cast<std::size_t>(std::count_if(
      list.all().begin(), list.all().end(),
      [&](const std::string& address) { return names.contains(canonical_address(address)); }));
}

// What the words tell, by how sure it is.
struct Found {
  AddressList leading;
  AddressList labelled;
  AddressList reached;
  AddressList leading_sender;
  AddressList commanded;
  AddressList expected;  // a receiver of the returned message
  AddressList mentioned;
  AddressList users;  // names without a domain
};

class WordsReader {
 public:
  WordsReader(const AddressEvidence& evidence, Found& found)
      : phrases_(evidence.phrases),
        labels_(evidence.phrases),
        senders_(senders(evidence.report)),
        receivers_(receivers(evidence.report)),
        found_(found) {
    for (std::string_view rest = evidence.words; !rest.empty();) read_line(take_line(rest));
  }

  // Are the header's addresses unknown to words that begin lines with addresses of the message? Or
  // do lines begin with all of them, and with more?
  bool knows_better(const AddressList& named) const {
    if (found_.leading.all().size() > named.all().size() &&
        count_shared(named, found_.leading) == named.all().size()) {
      return true;
    }
    const auto is_expected = [this](const std::string& address) {
      return receivers_.contains(canonical_address(address));
    };
    const auto is_named = [this](const std::string& address) {
      return seen_.contains(canonical_address(address));
    };
    const auto& leading = found_.leading.all();
    return !leading.empty() && std::all_of(leading.begin(), leading.end(), is_expected) &&
           std::none_of(named.all().begin(), named.all().end(), is_named);
  }

 private:
  void read_line(std::string_view line) {
    if (is_senders(line)) return;
    const bool asks = phrases_.stand_in(line, PhrasePurpose::kContact);
    note_result(line);
    if (!asks && !after_contact_) {
      read_addresses(line);
    } else if (contains_ignoring_case(line, "rcpt to")) {
      add_commanded(line, found_.commanded);
    }
    // A sentence may go on in the next line, but not beyond an empty one.
    after_contact_ = asks && line.find('@') == std::string_view::npos &&
                     !trim(line).ends_with('.') && !trim(line).ends_with(':');
  }

  // A header line of the message that was sent.
  static bool is_senders(std::string_view line) {
    line = trim(line);
    return equals_ignoring_case(line.substr(0, 5), "From:");
  }

  // The addresses below a line are told of by what it says, to the next that says something.
  void note_result(std::string_view line) {
    if (line.find('@') != std::string_view::npos || is_empty_line(line)) return;
    if (phrases_.stand_in(line, PhrasePurpose::kSuccess)) {
      reached_ = true;
    } else if (reached_) {
      reached_ = !is_ruled_line(line) && !trim(line).ends_with(':') &&
                 !phrases_.stand_in(line, PhrasePurpose::kFailure) &&
                 !phrases_.stand_in(line, PhrasePurpose::kDelay);
    }
  }

  void read_addresses(std::string_view line) {
    if (reached_) {
      for (const std::string_view address : find_addresses(line)) {
        seen_.insert(canonical_address(address));
        if (!senders_.contains(canonical_address(address))) found_.reached.add(address);
      }
      return;
    }
    add_commanded(line, found_.commanded);
    for (const std::string_view address : labels_.read(line)) add_labelled(address);
    const std::string_view first = leading_address(line);
    if (!first.empty()) add_leading(first);
    if (const auto user = find_leading_address(line)) add_user(line, *user);
    for (const std::string_view address : find_addresses(line)) {
      seen_.insert(canonical_address(address));
      add_mentioned(address);
    }
  }

  void add_leading(std::string_view address) {
    const std::string name = canonical_address(address);
    const bool expected = receivers_.contains(name);
    if (is_daemon(address) || (is_postmaster(address) && !expected)) return;
    (senders_.contains(name) && !expected ? found_.leading_sender : found_.leading).add(address);
  }

  void add_labelled(std::string_view address) {
    const std::string name = canonical_address(address);
    const bool expected = receivers_.contains(name);
    if (expected || (!senders_.contains(name) && !is_daemon(address) && !is_postmaster(address))) {
      found_.labelled.add(address);
    }
  }

  void add_mentioned(std::string_view address) {
    const std::string name = canonical_address(address);
    if (receivers_.contains(name)) {
      found_.expected.add(address);
    } else if (!senders_.contains(name) && !is_daemon(address) && !is_postmaster(address)) {
      found_.mentioned.add(address);
    }
  }

  // "<anna>: ...", "anna... User unknown"
  void add_user(std::string_view line, const LeadingAddress& leading) {
    const bool named = leading.dots || (trim(line).starts_with('<') && !leading.rest.empty());
    if (named && leading.address.find('@') == std::string_view::npos) {
      found_.users.add(leading.address);
    }
  }

  const StockPhrases& phrases_;
  LabelledAddresses labels_;
  Names senders_;
  Names receivers_;
  Names seen_;  // every address in the words
  Found& found_;
  bool after_contact_ = false;
  bool reached_ = false;
};

// Only Exim's own field may name the sender, who wrote to herself: others may tell for whom the
// bounce is.
AddressList from_failed_recipients(const AddressEvidence& evidence) {
  AddressList list;
  const Names own = senders(evidence.report);
  std::size_t left = kMaxAddressBytes;
  for (const HeaderField& field : evidence.header.fields) {
    if (left == 0) break;
    if (!evidence.phrases.stand_in(field.name, PhrasePurpose::kField)) continue;
    const bool sure = equals_ignoring_case(field.name, "X-Failed-Recipients");
    const std::string_view value = field.value.substr(0, left);
    left -= value.size();
    // "rfc822; anna@example.com"
    const std::size_t type = value.substr(0, value.find('@')).find(';');
    for (const Mailbox& mailbox :
         decode_mailboxes(type == std::string_view::npos ? value : value.substr(type + 1),
                          kMaxFailedAddresses)) {
      if (sure || !own.contains(canonical_address(mailbox.address))) list.add(mailbox.address);
    }
  }
  return list;
}

AddressList from_subject(const Report& report) {
  AddressList list;
  const Names own = senders(report);
  for (const std::string_view address : find_addresses(report.subject)) {
    if (!own.contains(canonical_address(address))) list.add(address);
  }
  return list;
}

// "from a by b with SMTP id c for <anna@example.com>; date"
std::string_view received_for(std::string_view received) {
  const std::size_t mark = received.find(" for ");
  if (mark == std::string_view::npos) return {};
  const std::string_view rest = trim(received.substr(mark + 5));
  const std::string_view address = leading_address(rest.substr(0, rest.find(' ')));
  return address;
}

// What the returned message's trace and address fields tell.
AddressList from_returned(const AddressEvidence& evidence) {
  AddressList list;
  for (const std::string_view name : {"Envelope-To", "X-Envelope-To", "X-Original-To"}) {
    for (const std::string_view address : find_addresses(evidence.returned_header.value(name))) {
      list.add(address);
    }
    if (!list.empty()) return list;
  }
  for (const HeaderField& field : evidence.returned_header.fields) {
    if (!equals_ignoring_case(field.name, "Received")) continue;
    const std::string text = collapse_space(field.value.substr(0, kMaxFieldValue));
    list.add(received_for(text));
    break;
  }
  const ReturnedMessage& returned = evidence.report.returned;
  if (list.empty() && returned.to.size() + returned.cc.size() == 1) {
    list.add(returned.to.empty() ? returned.cc.front().address : returned.to.front().address);
  }
  return list;
}

// A local user's name, as the returned message's recipient where that is one of them.
AddressList with_domains(const std::vector<std::string>& users, const Report& report) {
  AddressList list;
  for (const std::string& user : users) {
    std::string_view address = user;
    for (const auto* const mailboxes : {&report.returned.to, &report.returned.cc}) {
      for (const Mailbox& mailbox : *mailboxes) {
        if (equals_ignoring_case(local_part(mailbox.address), user)) address = mailbox.address;
      }
    }
    list.add(address);
  }
  return list;
}

}  // namespace

std::string_view leading_address(std::string_view line) {
  line = skip_codes(skip_opening(line));
  const auto addresses = find_addresses(line.substr(0, line.find_first_of(" \t")));
  if (addresses.empty() || addresses.front().data() != line.data()) return {};
  return addresses.front();
}

NamedAddresses find_addresses_told(const AddressEvidence& evidence) {
  Found found;
  const WordsReader reader(evidence, found);
  NamedAddresses told;
  AddressList named = from_failed_recipients(evidence);
  AddressList subject = from_subject(evidence.report);
  AddressList users = with_domains(found.users.take(), evidence.report);
  AddressList returned = from_returned(evidence);
  if (!named.empty() && !reader.knows_better(named)) {
    told.failed = named.take();
  } else {
    // A label in front of others than those that lines begin with tells which of a line's addresses
    // is meant.
    AddressList* const surest =
        count_shared(found.labelled, found.leading) == 0 ? &found.labelled : &found.leading;
    for (AddressList* const list : {surest, &found.leading, &found.commanded, &found.expected,
                                    &found.mentioned, &found.leading_sender, &subject, &users}) {
      if (told.failed.empty()) told.failed = list->take();
    }
  }
  // Whom else the message went to says nothing where the words tell of everyone.
  if (told.failed.empty() && found.reached.empty()) told.failed = returned.take();
  Names failed;
  for (const std::string& address : told.failed) failed.insert(canonical_address(address));
  for (std::string& address : found.reached.take()) {
    if (!failed.contains(canonical_address(address))) told.reached.push_back(std::move(address));
  }
  return told;
}

}  // namespace plainbounce

// Which message it was, whom the notice is about and whom not, and who can help.
#include "lib/notice/compose_message.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/mail/address.h"
#include "lib/notice/compose.h"
#include "lib/notice/display.h"
#include "lib/notice/group_arguments.h"
#include "lib/notice/links.h"

namespace plainbounce {
namespace {

std::vector<std::string> addresses_of(const std::vector<Mailbox>& mailboxes) {
  std::vector<std::string> result;
  for (const Mailbox& mailbox : mailboxes) {
    if (!mailbox.address.empty()) result.push_back(mailbox.address);
  }
  return result;
}

void add_line(std::vector<LabelledLine>& lines, const Speaker& speaker, std::string_view label,
              std::string value) {
  if (value.empty()) return;
  lines.push_back({speaker.say(std::string("label.").append(label)), std::move(value)});
}

// Every address by which the report knows its recipients.
std::set<std::string> reported_addresses(const Sources& sources) {
  std::set<std::string> result;
  for (const RecipientReport& recipient : sources.report.recipients) {
    result.insert(canonical_address(recipient.final_recipient));
    result.insert(canonical_address(recipient.original_recipient));
    result.insert(canonical_address(recipient.actual_recipient));
  }
  for (const RecipientDiagnosis& recipient : sources.diagnosis.recipients) {
    result.insert(canonical_address(recipient.address));
  }
  return result;
}

// Those in To and Cc that the report doesn't mention, and whether any in it is mentioned.
struct Addressees {
  std::vector<std::string> others;
  bool any_listed = false;
};

Addressees compare_addressees(const Sources& sources) {
  Addressees result;
  const std::set<std::string> reported = reported_addresses(sources);
  std::set<std::string> seen;
  for (const auto* mailboxes : {&sources.report.returned.to, &sources.report.returned.cc}) {
    for (const std::string& address : addresses_of(*mailboxes)) {
      if (!seen.insert(canonical_address(address)).second) continue;
      if (reported.count(canonical_address(address)) > 0) {
        result.any_listed = true;
      } else {
        result.others.push_back(address);
      }
    }
  }
  return result;
}

std::string compose_about(const std::vector<RecipientGroup>& groups, const Sources& sources) {
  constexpr std::size_t kNamed = 3;
  const Speaker& speaker = sources.speaker;
  const Addressees addressees = compare_addressees(sources);
  if (addressees.others.empty()) return {};
  const std::vector<std::string> addresses = all_addresses(groups);

  Arguments arguments = {{"recipients", say_addresses(addresses, speaker)},
                         {"count", static_cast<std::int64_t>(addresses.size())},
                         {"others", say_addresses(addressees.others, speaker)},
                         {"others_count", static_cast<std::int64_t>(addressees.others.size())}};
  std::string about = speaker.say("message.only", arguments);
  if (!addressees.any_listed)
    about = speaker.join(about, speaker.say("message.unlisted", arguments));
  const bool few = addressees.others.size() <= kNamed;
  return speaker.join(about,
                      speaker.say(few ? "message.others" : "message.others_many", arguments));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(trim(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The house's page for each cause that needs help, or for all where it is the same one.
std::vector<std::string> help_links(const std::vector<RecipientGroup>& groups,
                                    const Sources& sources) {
  constexpr std::size_t kMost = 4;
  const bool any_trouble =
      std::any_of(groups.begin(), groups.end(),
                  [](const RecipientGroup& group) { return !is_success(group.outcome); });
  std::vector<std::string> links;
  for (const RecipientGroup& group : groups) {
    if (any_trouble && is_success(group.outcome)) continue;
    std::string link = fill_link(sources.house.help_url, id_of(group.cause),
                                 sources.speaker.messages().language());
    const bool is_new = std::find(links.begin(), links.end(), link) == links.end();
    if (!link.empty() && is_new && links.size() < kMost) links.push_back(std::move(link));
  }
  return links;
}

HelpDesk compose_help(const std::vector<RecipientGroup>& groups, const Sources& sources) {
  const House& house = sources.house;
  const Speaker& speaker = sources.speaker;
  HelpDesk help;
  help.urls = help_links(groups, sources);
  if (may_be_mailto(house.help_email)) help.email = house.help_email;
  help.phone = visible(house.help_phone, kMaxShownName);
  help.phone_link = phone_link(house.help_phone);
  const std::string name = visible(house.help_name, kMaxShownName);
  if (!name.empty()) {
    help.line = speaker.say("contact.line", {{"help_name", name}});
  } else if (!help.urls.empty() || !help.email.empty() || !help.phone.empty()) {
    help.line = speaker.say("contact.line_plain");
  }
  return help;
}

}  // namespace

bool is_also_for_others(const Sources& sources) {
  const Addressees addressees = compare_addressees(sources);
  return addressees.any_listed && !addressees.others.empty();
}

void compose_message(const std::vector<RecipientGroup>& groups, const Sources& sources,
                     NoticeContent& content) {
  const ReturnedMessage& returned = sources.report.returned;
  const Speaker& speaker = sources.speaker;
  // Without the message, its time of arrival is all that tells which one it was.
  const auto& date = returned.date ? returned.date : sources.report.arrival_date;
  // Who sent it may have filled it with words for somebody else.
  const bool is_shown = returned.present && !sources.is_outside();
  if (is_shown) {
    const std::string subject = shown(returned.subject, kMaxShownSubject);
    add_line(content.message, speaker, "subject",
             subject.empty() ? speaker.say("message.unknown") : subject);
  }
  if (date) add_line(content.message, speaker, "date", speaker.moment(*date));
  if (is_shown) {
    add_line(content.message, speaker, "from", say_addresses(addresses_of(returned.from), speaker));
    add_line(content.message, speaker, "to", say_addresses(addresses_of(returned.to), speaker));
    add_line(content.message, speaker, "cc", say_addresses(addresses_of(returned.cc), speaker));
  }
  if (is_shown) content.about = compose_about(groups, sources);
  const bool forged =
      sources.is_outside() ||
      std::any_of(groups.begin(), groups.end(), [&](const RecipientGroup& group) {
        return !is_success(group.outcome) && sources.knowledge.cause(group.cause).often_forged;
      });
  if (forged) content.forged = speaker.items("forged.steps", {});
  content.help = compose_help(groups, sources);
  content.signature = lines_of(sources.house.signature);
}

}  // namespace plainbounce

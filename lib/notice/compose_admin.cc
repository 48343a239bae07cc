// The administrator's part: what to check, and per recipient what exactly happened.
#include "lib/notice/compose_admin.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/base/text.h"
#include "lib/notice/compose.h"
#include "lib/notice/display.h"
#include "lib/notice/group_arguments.h"

namespace plainbounce {
namespace {

// Collects fields under their names; those without a value are left out.
class Lines {
 public:
  Lines(std::vector<LabelledLine>& lines, const Speaker& speaker)
      : lines_(lines), phrases_(speaker) {}

  void add(std::string_view label, std::string value) {
    if (value.empty()) return;
    lines_.push_back({phrases_.say(fmt::format("label.{}", label)), std::move(value)});
  }
  void add_untrusted(std::string_view label, std::string_view value) {
    add(label, shown(value, 2 * kMaxShownName));
  }
  void add_moment(std::string_view label, const std::optional<Timestamp>& when) {
    if (when) add(label, phrases_.exact_moment(*when));
  }
  void add_sizes(std::string_view label, std::uint64_t size, std::uint64_t limit) {
    add(label, fmt::format("{} > {}", phrases_.size(size, 3), phrases_.size(limit, 3)));
  }

  // By the type of its field.
  void add_fact(const FactEntry& fact, const std::optional<std::uint64_t>& bytes) {
    if (bytes) add(fact.label, phrases_.size(*bytes, 3));
  }
  void add_fact(const FactEntry& fact, const std::optional<std::int64_t>& number) {
    if (!number) return;
    add(fact.label,
        fact.kind == FactKind::kSeconds ? phrases_.duration(*number) : phrases_.number(*number));
  }
  void add_fact(const FactEntry& fact, const std::optional<Timestamp>& when) {
    add_moment(fact.label, when);
  }
  void add_fact(const FactEntry& fact, const std::string& text) { add_untrusted(fact.label, text); }
  void add_fact(const FactEntry& /*fact*/, bool /*flag*/) {}

 private:
  std::vector<LabelledLine>& lines_;
  const Speaker& phrases_;
};

std::string_view stage_key(Stage stage) {
  switch (stage) {
    case Stage::kConnect:
      return "admin.stage_connect";
    case Stage::kHelo:
      return "admin.stage_helo";
    case Stage::kStartTls:
      return "admin.stage_starttls";
    case Stage::kAuth:
      return "admin.stage_auth";
    case Stage::kMail:
      return "admin.stage_mail";
    case Stage::kRcpt:
      return "admin.stage_rcpt";
    case Stage::kData:
      return "admin.stage_data";
    case Stage::kEndOfData:
      return "admin.stage_end-of-data";
    case Stage::kUnknown:
      break;
  }
  return "";
}

// Meanings are our own words, and in English alone: in other languages the code is what can be
// looked up, as with `plainbounce explain`, which says more.
std::string say_code(const std::string& code, const std::string& meaning, const Speaker& speaker) {
  if (speaker.messages().language() != "en") return code;
  return speaker.say("admin.code", {{"code", code}, {"meaning", meaning}});
}

void add_codes(const RecipientDiagnosis& recipient, const Sources& sources, Lines& lines) {
  const CodeTables& codes = sources.knowledge.codes();
  if (recipient.reply.code != 0) {
    const std::string code = fmt::format("{}", recipient.reply.code);
    const ReplyCodeEntry* entry = codes.reply_code(recipient.reply.code);
    lines.add("reply_code",
              entry == nullptr ? code : say_code(code, entry->meaning, sources.speaker));
  }
  if (recipient.status) {
    const std::string code = to_string(*recipient.status);
    const auto entries = codes.status_code(*recipient.status, recipient.facts.provider);
    lines.add("status_code",
              entries.empty() ? code : say_code(code, entries.front()->meaning, sources.speaker));
  }
}

void add_remote(const RecipientDiagnosis& recipient, const Sources& sources, Lines& lines) {
  const Facts& facts = recipient.facts;
  const std::string host = shown(facts.remote_host, kMaxShownName);
  const std::string address = shown(facts.remote_address, kMaxShownName);
  const bool both = !host.empty() && !address.empty() && host != address;
  lines.add("remote", both ? fmt::format("{} [{}]", host, address) : host.empty() ? address : host);
  if (facts.provider_is_software) {
    lines.add_untrusted("software", facts.provider_name);
  } else if (is_providers_own(facts, sources)) {
    lines.add_untrusted("provider", facts.provider_name);
  }
  if (recipient.reply.stage != Stage::kUnknown) {
    lines.add("stage", sources.speaker.say(stage_key(recipient.reply.stage)));
  }
}

// The facts with a line, in the order in which they stand there.
std::vector<const FactEntry*> facts_with_line() {
  std::vector<const FactEntry*> result;
  for (const FactEntry& fact : kFacts) {
    if (!fact.label.empty()) result.push_back(&fact);
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto* a, const auto* b) { return a->line < b->line; });
  return result;
}

void add_facts(const Facts& facts, Lines& lines) {
  static const std::vector<const FactEntry*> kWithLine = facts_with_line();
  for (const FactEntry* const fact : kWithLine) {
    const bool is_limit = fact->member == FactMember(&Facts::size_limit);
    if (is_limit && facts.size_limit && facts.message_size) {
      lines.add_sizes("size", *facts.message_size, *facts.size_limit);
    } else {
      std::visit([&](auto member) { lines.add_fact(*fact, facts.*member); }, fact->member);
    }
  }
}

// What the report's own block adds to the diagnosis. `block` may be null.
void add_block(const RecipientDiagnosis& recipient, const RecipientReport* block, bool is_outside,
               Lines& lines) {
  if (block == nullptr) return;
  if (block->final_recipient != recipient.address) {
    lines.add_untrusted("final_recipient", block->final_recipient);
  }
  if (!is_outside && block->original_recipient != recipient.address &&
      block->original_recipient != block->final_recipient) {
    lines.add_untrusted("original_recipient", block->original_recipient);
  }
  if (block->status && block->status != recipient.status) {
    lines.add("status_field", to_string(*block->status));
  }
  lines.add_untrusted("log_id", block->final_log_id);
}

// What the server said, or else what the report has in its place.
std::string_view reply_text(const RecipientDiagnosis& recipient, const RecipientReport* block) {
  // An exit status (Sendmail: "x-unix; 67") says less than the words beside it.
  const bool is_number = block != nullptr && block->diagnostic_type == "x-unix" &&
                         recipient.reply.text.find_first_not_of("0123456789") == std::string::npos;
  if (is_number && !block->passage.empty()) return block->passage;
  if (!recipient.reply.text.empty() || block == nullptr) return recipient.reply.text;
  return block->diagnostic.empty() ? block->passage : block->diagnostic;
}

// A recipient with what its report says of it.
struct Reported {
  const RecipientDiagnosis* diagnosis;
  const RecipientReport* block;  // null: none
};

// `text` with the recipient's own address taken out, so that two can be compared.
std::string without_own_address(std::string_view text, const Reported& recipient) {
  std::string result(text);
  const std::string& address = recipient.diagnosis->address;
  if (address.empty()) return result;
  for (std::size_t at = result.find(address); at != std::string::npos;
       at = result.find(address, at)) {
    result.erase(at, address.size());
  }
  return result;
}

bool is_same_block(const Reported& one, const Reported& other) {
  if (one.block == nullptr || other.block == nullptr) return one.block == other.block;
  return without_own_address(one.block->final_recipient, one) ==
             without_own_address(other.block->final_recipient, other) &&
         without_own_address(one.block->original_recipient, one) ==
             without_own_address(other.block->original_recipient, other) &&
         one.block->status == other.block->status &&
         one.block->final_log_id == other.block->final_log_id;
}

// Is everything that an entry tells the same of both, but for the address?
bool is_told_alike(const Reported& one, const Reported& other) {
  const RecipientDiagnosis& left = *one.diagnosis;
  const RecipientDiagnosis& right = *other.diagnosis;
  return left.cause == right.cause && left.outcome == right.outcome &&
         left.confidence == right.confidence && left.evidence == right.evidence &&
         left.reply.code == right.reply.code && left.reply.stage == right.reply.stage &&
         left.status == right.status && left.facts == right.facts && is_same_block(one, other) &&
         without_own_address(reply_text(left, one.block), one) ==
             without_own_address(reply_text(right, other.block), other);
}

AdminEntry compose_entry(const RecipientDiagnosis& recipient, const RecipientReport* block,
                         const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  AdminEntry entry;
  Lines lines(entry.lines, speaker);
  lines.add("cause",
            speaker.say("admin.cause", {{"cause_id", std::string(id_of(recipient.cause))},
                                        {"outcome", std::string(id_of(recipient.outcome))},
                                        {"confidence", std::string(id_of(recipient.confidence))}}));
  lines.add_untrusted("evidence", to_string(recipient.evidence));
  add_codes(recipient, sources, lines);
  add_remote(recipient, sources, lines);
  add_facts(recipient.facts, lines);
  add_block(recipient, block, sources.is_outside(), lines);
  entry.reply = visible(reply_text(recipient, block), kMaxShownReply);
  return entry;
}

// "a@example.com, b@example.com and 7 more": of many the first.
std::string say_all(const std::vector<std::string>& addresses, const Speaker& speaker) {
  std::vector<std::string> shown;
  for (const std::string& address : addresses) {
    if (shown.size() == kMaxShownAddresses) break;
    shown.push_back(say_address(address, speaker));
  }
  const auto rest = static_cast<std::int64_t>(addresses.size() - shown.size());
  if (rest > 0) shown.push_back(speaker.say("list.more", {{"count", rest}}));
  return speaker.list(shown);
}

// The entries of one group, those that say the same in one. `left`: how many more may be made.
// Returns how many recipients have none.
std::size_t compose_entries(const RecipientGroup& group, const Sources& sources, std::size_t& left,
                            std::vector<AdminEntry>& entries) {
  const std::vector<RecipientReport>& blocks = sources.report.recipients;
  std::vector<Reported> first;  // of each entry
  std::vector<std::vector<std::string>> addresses;
  std::size_t omitted = 0;
  for (const std::size_t member : group.members) {
    end_if_stopped(sources.stop);
    const Reported recipient = {&sources.diagnosis.recipients[member],
                                member < blocks.size() ? &blocks[member] : nullptr};
    const auto place = std::find_if(first.begin(), first.end(), [&](const Reported& each) {
      return is_told_alike(each, recipient);
    });
    if (place != first.end()) {
      addresses[static_cast<std::size_t>(place - first.begin())].push_back(
          recipient.diagnosis->address);
    } else if (left == 0) {
      ++omitted;
    } else {
      --left;
      first.push_back(recipient);
      addresses.push_back({recipient.diagnosis->address});
    }
  }
  for (std::size_t i = 0; i < first.size(); ++i) {
    entries.push_back(compose_entry(*first[i].diagnosis, first[i].block, sources));
    entries.back().address = say_all(addresses[i], sources.speaker);
  }
  return omitted;
}

// Takes out of all entries the lines that each of them has, and puts them among those of the whole
// report.
void move_common_lines(NoticeContent& content) {
  std::vector<AdminEntry*> entries;
  for (AdminGroup& group : content.admin) {
    for (AdminEntry& entry : group.entries) entries.push_back(&entry);
  }
  if (entries.size() < 2 || content.omitted_recipients > 0) return;
  const std::vector<LabelledLine> candidates = entries.front()->lines;
  for (const LabelledLine& line : candidates) {
    const bool is_common = std::all_of(entries.begin(), entries.end(), [&](const AdminEntry* each) {
      return std::find(each->lines.begin(), each->lines.end(), line) != each->lines.end();
    });
    if (!is_common) continue;
    for (AdminEntry* const entry : entries) {
      entry->lines.erase(std::find(entry->lines.begin(), entry->lines.end(), line));
    }
    content.admin_message.push_back(line);
  }
}

// Where the same advice is for several groups, their entries stand below it together.
AdminGroup& group_with(const std::string& advice, const std::vector<std::string>& more,
                       std::vector<AdminGroup>& groups) {
  const auto place = std::find_if(groups.begin(), groups.end(), [&](const AdminGroup& each) {
    return each.advice == advice && each.more == more;
  });
  if (place != groups.end()) return *place;
  return groups.emplace_back(AdminGroup{advice, more, {}});
}

// What is known of the provider that refused, and of the block list that it used.
std::vector<std::string> compose_more_advice(const RecipientGroup& group, const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  std::vector<std::string> result;
  if (is_success(group.outcome) || group.confidence == Confidence::kUnsure) return result;
  result.push_back(
      speaker.say(fmt::format("provider.{}.{}", group.facts.provider, id_of(group.cause))));
  constexpr std::string_view kTable = "block_list.";
  const std::string block_list = ascii_lower(group.facts.block_list);
  const bool by_reputation = group.cause == Cause::kReputationBlocked;
  const auto& messages = speaker.messages().all();
  for (auto entry = messages.lower_bound(kTable);
       entry != messages.end() && entry->first.starts_with(kTable); ++entry) {
    const std::string name = entry->first.substr(kTable.size());
    const bool keeps_it = by_reputation && group.facts.provider == name;
    if (keeps_it || block_list.find(name) != std::string::npos) {
      result.push_back(speaker.say(entry->first));
    }
  }
  result.erase(std::remove(result.begin(), result.end(), std::string()), result.end());
  return result;
}

// The original notice as the server wrote it, but for what would hide or turn its words.
std::string compose_original(const std::string& text, const Speaker& speaker) {
  std::string result = visible_lines(text, kMaxOriginal);
  if (result.size() >= kMaxOriginal || text.size() > kMaxOriginal)
    result.append("\n\n").append(speaker.say("admin.original_cut"));
  return result;
}

}  // namespace

void compose_admin(const std::vector<RecipientGroup>& groups, const Sources& sources,
                   NoticeContent& content) {
  const Report& report = sources.report;
  content.admin_intro = sources.speaker.say("admin.intro");
  Lines lines(content.admin_message, sources.speaker);
  lines.add_untrusted("reporting_mta", report.reporting_mta);
  lines.add_untrusted("queue_id", report.queue_id);
  // The sender of the message has chosen these.
  if (!sources.is_outside()) {
    lines.add_untrusted("message_id", report.returned.message_id);
    lines.add_untrusted("envelope_sender", report.original_sender);
    lines.add_untrusted("envelope_id", report.original_envelope_id);
  }
  lines.add_untrusted("received_from", report.received_from_mta);
  lines.add_moment("arrival", report.arrival_date);

  std::size_t left = kMaxAdminEntries;
  std::size_t told_groups = 0;
  for (const RecipientGroup& group : groups) {
    if (told_groups == kMaxGroups) {
      content.omitted_recipients += group.members.size();
      continue;
    }
    ++told_groups;
    const std::string advice = sources.speaker.paragraph(
        fmt::format("cause.{}.admin", id_of(group.cause)), group_arguments(group, sources));
    AdminGroup& admin = group_with(advice, compose_more_advice(group, sources), content.admin);
    content.omitted_recipients += compose_entries(group, sources, left, admin.entries);
  }
  move_common_lines(content);
  content.original = compose_original(report.notification.text, sources.speaker);
}

}  // namespace plainbounce

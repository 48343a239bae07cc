// The administrator's part: what to check, and per recipient what exactly happened.
#include "lib/notice/compose_admin.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lib/base/ascii.h"
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

// Which codes have been explained so far.
struct Told {
  std::set<std::string> codes;
  bool briefly = false;  // of several causes there is enough to read without
};

// Explains a code once; after that its meaning is enough. Meanings are our own words, and in
// English alone: in other languages the code is what can be looked up.
std::string say_code(const std::string& code, const std::string& meaning,
                     const std::string& explanation, Told& told, const Speaker& speaker) {
  if (speaker.messages().language() != "en") return code;
  const bool is_new = told.codes.insert(code + meaning).second;
  return speaker.say(
      explanation.empty() || !is_new || told.briefly ? "admin.code" : "admin.code_more",
      {{"code", code}, {"meaning", meaning}, {"explanation", explanation}});
}

void add_codes(const RecipientDiagnosis& recipient, const Sources& sources, Told& told,
               Lines& lines) {
  const CodeTables& codes = sources.knowledge.codes();
  if (recipient.reply.code != 0) {
    const std::string code = fmt::format("{}", recipient.reply.code);
    const ReplyCodeEntry* entry = codes.reply_code(recipient.reply.code);
    lines.add("reply_code", entry == nullptr ? code
                                             : say_code(code, entry->meaning, entry->explanation,
                                                        told, sources.speaker));
  }
  if (recipient.status) {
    const std::string code = to_string(*recipient.status);
    const auto entries = codes.status_code(*recipient.status, recipient.facts.provider);
    lines.add("status_code", entries.empty()
                                 ? code
                                 : say_code(code, entries.front()->meaning,
                                            entries.front()->explanation, told, sources.speaker));
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

AdminEntry compose_entry(const RecipientDiagnosis& recipient, const RecipientReport* block,
                         Told& told, const Sources& sources) {
  const Speaker& speaker = sources.speaker;
  AdminEntry entry;
  entry.address = say_address(recipient.address, speaker);
  Lines lines(entry.lines, speaker);
  lines.add("cause",
            speaker.say("admin.cause", {{"cause_id", std::string(id_of(recipient.cause))},
                                        {"outcome", std::string(id_of(recipient.outcome))},
                                        {"confidence", std::string(id_of(recipient.confidence))}}));
  lines.add_untrusted("evidence", to_string(recipient.evidence));
  add_codes(recipient, sources, told, lines);
  add_remote(recipient, sources, lines);
  add_facts(recipient.facts, lines);
  add_block(recipient, block, sources.is_outside(), lines);
  entry.reply = visible(reply_text(recipient, block), kMaxShownReply);
  return entry;
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

// What is the same in the entries of recipients who differ by their address alone.
std::string likeness(const RecipientDiagnosis& recipient, const RecipientReport* block,
                     const Sources& sources) {
  Told nothing_told;
  const AdminEntry entry = compose_entry(recipient, block, nothing_told, sources);
  std::string key = entry.reply;
  for (const std::string* const address : {&recipient.address, &recipient.final_recipient}) {
    if (address->empty()) continue;
    for (std::size_t at = 0; (at = key.find(*address, at)) != std::string::npos; ++at) {
      key.replace(at, address->size(), 1, '@');
    }
  }
  for (const LabelledLine& line : entry.lines)
    key += fmt::format("\n{}: {}", line.label, line.value);
  return key;
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

  std::size_t entries = 0;
  Told told;
  told.briefly = groups.size() > 1;
  for (const RecipientGroup& group : groups) {
    if (content.admin.size() == kMaxGroups) {
      content.omitted_recipients += group.members.size();
      continue;
    }
    AdminGroup admin;
    admin.advice = sources.speaker.paragraph(fmt::format("cause.{}.admin", id_of(group.cause)),
                                             group_arguments(group, sources));
    admin.more = compose_more_advice(group, sources);
    std::map<std::string, std::vector<std::string>> alike;  // addresses, by likeness
    std::vector<std::string> keys;                          // of the entries
    for (const std::size_t member : group.members) {
      if (entries == kMaxAdminEntries) {
        ++content.omitted_recipients;
        continue;
      }
      const auto* block = member < report.recipients.size() ? &report.recipients[member] : nullptr;
      const RecipientDiagnosis& recipient = sources.diagnosis.recipients[member];
      std::string key = likeness(recipient, block, sources);
      std::vector<std::string>& addresses = alike[key];
      if (addresses.empty()) {
        admin.entries.push_back(compose_entry(recipient, block, told, sources));
        keys.push_back(std::move(key));
      }
      addresses.push_back(say_address(recipient.address, sources.speaker));
      ++entries;
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      admin.entries[i].address = sources.speaker.list(alike[keys[i]]);
    }
    content.admin.push_back(std::move(admin));
  }
  content.original = compose_original(report.notification.text, sources.speaker);
}

}  // namespace plainbounce

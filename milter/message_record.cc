#include "milter/message_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxValue = 200;  // bytes, before escaping
constexpr std::size_t kMaxHosts = 5;
constexpr std::size_t kMaxUnmatched = 5;
constexpr std::size_t kMaxItem = 100;  // bytes, of what decided

bool is_bare(char c) {
  return is_alphanumeric(c) || std::string_view("-_.:/@+,").find(c) != std::string_view::npos;
}

std::string in_quotes(std::string_view value) {
  std::string out = "\"";
  for (const char c : value.substr(0, kMaxValue)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\') {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// As it is where nothing in it could be mistaken; "-" where there is none.
std::string value_text(std::string_view value) {
  if (value.empty()) return "-";
  const bool bare = value.size() <= kMaxValue && std::all_of(value.begin(), value.end(), is_bare);
  return bare ? std::string(value) : in_quotes(value);
}

template <typename Text>
std::string list_text(const std::vector<Text>& ids) {
  return ids.empty() ? "-" : fmt::format("{}", fmt::join(ids, ","));
}

// False: it is there already.
bool add_once(std::vector<std::string_view>& ids, std::string_view id) {
  if (std::find(ids.begin(), ids.end(), id) != ids.end()) return false;
  ids.push_back(id);
  return true;
}

// The administrator chooses the ids of his rules: what would break the list becomes "_".
std::string list_item(std::string_view text) {
  std::string item(text.substr(0, kMaxItem));
  std::replace_if(
      item.begin(), item.end(), [](char c) { return !is_bare(c) || c == ','; }, '_');
  return item;
}

void add_host(const RecipientDiagnosis& recipient, std::vector<std::string>& hosts) {
  if (hosts.size() >= kMaxHosts || !is_undelivered(recipient.outcome)) return;
  std::string host = host_to_tell(recipient.facts.remote_host);
  if (host.empty()) return;
  if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(std::move(host));
}

void add_unmatched(const RecipientDiagnosis& recipient, std::vector<UnmatchedReply>& replies) {
  if (replies.size() >= kMaxUnmatched) return;
  auto reply = unmatched_reply(recipient);
  if (!reply) return;
  const bool known = std::any_of(replies.begin(), replies.end(),
                                 [&](const auto& other) { return other.key == reply->key; });
  if (!known) replies.push_back(*std::move(reply));
}

}  // namespace

void note_rewrite(const Rewrite& rewrite, Findings& findings) {
  findings.recipients = rewrite.diagnosis.recipients.size();
  findings.language = rewrite.language;
  for (const RecipientDiagnosis& recipient : rewrite.diagnosis.recipients) {
    const Fate& fate =
        findings.fates.emplace_back(Fate{id_of(recipient.cause), id_of(recipient.outcome)});
    if (add_once(findings.causes, fate.cause)) {
      findings.confidences.push_back(id_of(recipient.confidence));
      findings.evidence.push_back(list_item(to_string(recipient.evidence)));
    }
    add_once(findings.outcomes, fate.outcome);
    add_host(recipient, findings.hosts);
    add_unmatched(recipient, findings.unmatched);
  }
}

std::string format_record(const MessageRecord& record) {
  std::string line = fmt::format(
      "queue_id={} result={} reason={} recipients={} causes={} outcomes={} language={} ms={:.1f} "
      "bytes={} hosts={} confidence={} evidence={}",
      value_text(record.queue_id), id_of(record.result), value_text(record.reason),
      record.recipients, list_text(record.causes), list_text(record.outcomes),
      value_text(record.language), static_cast<double>(record.time.count()) / 1000, record.bytes,
      list_text(record.hosts), list_text(record.confidences), list_text(record.evidence));
  if (!record.detail.empty()) line += " detail=" + in_quotes(record.detail);
  return line;
}

}  // namespace plainbounce

#include "lib/notice/groups.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "lib/notice/display.h"
#include "lib/report/text.h"

namespace plainbounce {
namespace {

bool is_success_cause(Cause cause) {
  return cause == Cause::kDelivered || cause == Cause::kRelayed || cause == Cause::kExpanded;
}

RecipientGroup group_of(const RecipientDiagnosis& recipient) {
  RecipientGroup group;
  group.outcome = recipient.outcome;
  if (is_success(recipient.outcome)) {
    group.cause = recipient.outcome == Outcome::kDelivered ? Cause::kDelivered
                  : recipient.outcome == Outcome::kRelayed ? Cause::kRelayed
                                                           : Cause::kExpanded;
    group.actor = Actor::kNobody;
    group.confidence = Confidence::kCertain;
    return group;
  }
  group.actor = recipient.actor;
  const bool unsure =
      recipient.confidence == Confidence::kUnsure || is_success_cause(recipient.cause);
  group.cause = unsure ? Cause::kUnexplained : recipient.cause;
  group.confidence = unsure ? Confidence::kUnsure : Confidence::kCertain;  // see add_member()
  return group;
}

template <typename T>
void keep_if_same(T& kept, const T& other) {
  if (!(kept == other)) kept = T();
}

void keep_shared(Facts& kept, const Facts& other) {
  keep_if_same(kept.message_size, other.message_size);
  keep_if_same(kept.size_limit, other.size_limit);
  keep_if_same(kept.recipient_limit, other.recipient_limit);
  keep_if_same(kept.retry_after, other.retry_after);
  keep_if_same(kept.limit, other.limit);
  keep_if_same(kept.first_attempt, other.first_attempt);
  keep_if_same(kept.last_attempt, other.last_attempt);
  keep_if_same(kept.retry_until, other.retry_until);
  keep_if_same(kept.remote_host, other.remote_host);
  keep_if_same(kept.remote_address, other.remote_address);
  keep_if_same(kept.provider, other.provider);
  keep_if_same(kept.provider_name, other.provider_name);
  keep_if_same(kept.provider_is_software, other.provider_is_software);
  keep_if_same(kept.block_list, other.block_list);
  keep_if_same(kept.lookup, other.lookup);
  keep_if_same(kept.refused_address, other.refused_address);
  keep_if_same(kept.refused_sender, other.refused_sender);
  keep_if_same(kept.new_address, other.new_address);
  keep_if_same(kept.mechanism, other.mechanism);
  keep_if_same(kept.meant_address, other.meant_address);
}

void keep_shared(Reply& kept, const Reply& other) {
  keep_if_same(kept.code, other.code);
  keep_if_same(kept.status, other.status);
  keep_if_same(kept.stage, other.stage);
  keep_if_same(kept.host, other.host);
  keep_if_same(kept.host_address, other.host_address);
}

int rank(Outcome outcome) {
  if (is_success(outcome)) return 2;
  return outcome == Outcome::kDelayed ? 1 : 0;
}

// The reply without the address that it was given for, to see whether two say the same.
std::string without_address(const RecipientDiagnosis& recipient) {
  std::string text = recipient.reply.text;
  if (recipient.address.empty()) return text;
  const std::size_t place = text.find(recipient.address);
  if (place != std::string::npos) text.erase(place, recipient.address.size());
  return text;
}

using Key = std::tuple<Cause, Outcome, Actor, std::string>;

Key key_of(const RecipientGroup& group, const RecipientDiagnosis& recipient) {
  const bool unsure = group.confidence == Confidence::kUnsure;
  return {group.cause, group.outcome, group.actor, unsure ? without_address(recipient) : ""};
}

void add_member(RecipientGroup& group, std::size_t index, const RecipientDiagnosis& recipient) {
  group.members.push_back(index);
  // kCertain, kLikely, kUnsure: the later, the less sure.
  if (!is_success(group.outcome)) {
    group.confidence = std::max(group.confidence, recipient.confidence);
  }
  keep_shared(group.facts, recipient.facts);
  keep_shared(group.reply, recipient.reply);
  keep_if_same(group.domain, domain_of(recipient.address));
}

}  // namespace

bool is_success(Outcome outcome) {
  return outcome == Outcome::kDelivered || outcome == Outcome::kRelayed ||
         outcome == Outcome::kExpanded;
}

bool is_own_side(Cause cause) {
  return cause == Cause::kSuppressed || cause == Cause::kSenderNotPermitted ||
         cause == Cause::kSenderAccountBlocked || cause == Cause::kLoginRequired;
}

std::vector<RecipientGroup> group_recipients(const Diagnosis& diagnosis) {
  std::map<Key, std::size_t> known;
  std::set<std::pair<std::size_t, std::string>> seen;
  std::vector<RecipientGroup> groups;
  for (std::size_t i = 0; i < diagnosis.recipients.size(); ++i) {
    const RecipientDiagnosis& recipient = diagnosis.recipients[i];
    RecipientGroup fresh = group_of(recipient);
    const auto [place, is_new] = known.emplace(key_of(fresh, recipient), groups.size());
    if (is_new) {
      fresh.facts = recipient.facts;
      fresh.reply = recipient.reply;
      fresh.domain = domain_of(recipient.address);
      groups.push_back(std::move(fresh));
    }
    RecipientGroup& group = groups[place->second];
    add_member(group, i, recipient);
    if (seen.emplace(place->second, ascii_lower(recipient.address)).second) {
      group.addresses.push_back(recipient.address);
    }
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return rank(a.outcome) < rank(b.outcome); });
  return groups;
}

}  // namespace plainbounce

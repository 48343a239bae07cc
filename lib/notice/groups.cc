#include "lib/notice/groups.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/mail/address.h"

namespace plainbounce {
namespace {

// Where mail to the address was passed on to; empty: nowhere. A server's own name in place of the
// domain tells the reader nothing.
std::string passed_on_to(const RecipientDiagnosis& recipient, std::string_view reporting_mta) {
  const std::string& end = recipient.final_recipient;
  const std::string& address = recipient.address;
  if (end.find_first_of(" \t\r\n\"|") != std::string::npos) return {};
  if (is_same_address(end, address)) return {};
  const std::string from = domain_of(address);
  const std::string to = domain_of(end);
  if (from.empty() || to.empty()) return {};
  const bool same_local = equals_ignoring_case(local_part(end), local_part(address));
  const bool own_host =
      is_same_domain(to, reporting_mta) || to.ends_with("." + from) || to == "localhost";
  return same_local && own_host ? std::string() : end;
}

// Whose texts are told.
void take_side(Side side, const CauseEntry& cause, RecipientGroup& group) {
  group.side = side;
  group.own_fault = side == Side::kOurs && cause.told_if_ours;
  group.claimed = side != Side::kOurs && cause.of_sender == OwnThing::kAccount;
  group.told_as = group.own_fault ? *cause.told_if_ours : group.cause;
}

RecipientGroup group_of(const RecipientDiagnosis& recipient, const CauseTable& causes,
                        std::string_view reporting_mta) {
  RecipientGroup group;
  const std::string end = passed_on_to(recipient, reporting_mta);
  if (!end.empty()) group.passed_on_to.push_back(end);
  group.outcome = recipient.outcome;
  if (const auto success = causes.of_success(recipient.outcome)) {
    group.cause = group.told_as = *success;
    group.actor = Actor::kNobody;
    group.confidence = Confidence::kCertain;
    return group;
  }
  group.actor = recipient.actor;
  const bool unsure =
      recipient.confidence == Confidence::kUnsure || causes[recipient.cause].success;
  group.cause = unsure ? Cause::kUnexplained : recipient.cause;
  group.confidence = unsure ? Confidence::kUnsure : Confidence::kCertain;  // see add_member()
  take_side(recipient.side, causes[group.cause], group);
  group.broken_forward =
      !group.passed_on_to.empty() && !unsure && causes[group.cause].about_address;
  if (group.broken_forward) group.actor = Actor::kRecipient;
  return group;
}

template <typename T>
void keep_if_same(T& kept, const T& other) {
  if (!(kept == other)) kept = T();
}

void keep_shared(Facts& kept, const Facts& other) {
  for (const FactEntry& fact : kFacts) {
    std::visit([&](auto member) { keep_if_same(kept.*member, other.*member); }, fact.member);
  }
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
  // A server that knows no UTF-8 repeats it with the domain in ASCII.
  for (const std::string& written : {recipient.address, canonical_address(recipient.address)}) {
    const std::size_t place = text.find(written);
    if (place == std::string::npos) continue;
    text.erase(place, written.size());
    break;
  }
  return text;
}

using Key = std::tuple<Cause, Outcome, Side, Actor, bool, std::string>;

Key key_of(const RecipientGroup& group, const RecipientDiagnosis& recipient) {
  const bool unsure = group.confidence == Confidence::kUnsure;
  return {group.cause,
          group.outcome,
          group.side,
          group.actor,
          !group.passed_on_to.empty(),
          unsure ? without_address(recipient) : ""};
}

std::string domain_told(const RecipientGroup& group, const RecipientDiagnosis& recipient) {
  return domain_of(group.passed_on_to.empty() ? recipient.address : recipient.final_recipient);
}

void add_member(RecipientGroup& group, std::size_t index, const RecipientDiagnosis& recipient) {
  group.members.push_back(index);
  // kCertain, kLikely, kUnsure: the later, the less sure.
  if (!is_success(group.outcome)) {
    group.confidence = std::max(group.confidence, recipient.confidence);
  }
  keep_shared(group.facts, recipient.facts);
  keep_shared(group.reply, recipient.reply);
  keep_if_same(group.domain, domain_told(group, recipient));
}

}  // namespace

bool is_success(Outcome outcome) {
  return outcome == Outcome::kDelivered || outcome == Outcome::kRelayed ||
         outcome == Outcome::kExpanded;
}

std::vector<RecipientGroup> group_recipients(const Diagnosis& diagnosis, const CauseTable& causes,
                                             const Report& report, const std::stop_token& stop) {
  std::map<Key, std::size_t> known;
  std::set<std::pair<std::size_t, std::string>> seen;
  std::set<std::pair<std::size_t, std::string>> seen_ends;
  std::vector<RecipientGroup> groups;
  for (std::size_t i = 0; i < diagnosis.recipients.size(); ++i) {
    end_if_stopped(stop);
    const RecipientDiagnosis& recipient = diagnosis.recipients[i];
    RecipientGroup fresh = group_of(recipient, causes, report.reporting_mta);
    const std::vector<std::string> ends = fresh.passed_on_to;
    const auto [place, is_new] = known.emplace(key_of(fresh, recipient), groups.size());
    if (is_new) {
      fresh.facts = recipient.facts;
      fresh.reply = recipient.reply;
      fresh.domain = domain_told(fresh, recipient);
      groups.push_back(std::move(fresh));
    }
    RecipientGroup& group = groups[place->second];
    add_member(group, i, recipient);
    if (seen.emplace(place->second, canonical_address(recipient.address)).second) {
      group.addresses.push_back(recipient.address);
    }
    for (const std::string& end : ends) {
      const bool is_fresh = seen_ends.emplace(place->second, canonical_address(end)).second;
      if (is_fresh && !is_new) group.passed_on_to.push_back(end);
    }
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return rank(a.outcome) < rank(b.outcome); });
  return groups;
}

}  // namespace plainbounce

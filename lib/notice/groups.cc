#include "lib/notice/groups.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "lib/base/ascii.h"
#include "lib/base/ip_network.h"
#include "lib/base/stop.h"
#include "lib/mail/address.h"
#include "lib/typo/public_suffix.h"

namespace plainbounce {
namespace {

// Addresses that only one's own network can reach (RFC 1918, RFC 4193, RFC 4291).
constexpr std::array kPrivateNetworks = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                         "fc00::/7", "fe80::/10"};

bool is_private_address(std::string_view host) {
  return std::any_of(kPrivateNetworks.begin(), kPrivateNetworks.end(),
                     [&](const char* network) { return is_in_network(host, network); });
}

// "mx.lists.example.co.uk" -> "example.co.uk"; empty: it is an address, or has no such domain.
std::string registered_domain(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (is_network(host)) return {};
  const std::string domain = ascii_lower(host);
  const auto [name, suffix] = split_domain(domain);
  if (name.empty() || suffix.empty()) return {};
  const std::size_t dot = name.rfind('.');
  return std::string(name.substr(dot == std::string_view::npos ? 0 : dot + 1)) + "." +
         std::string(suffix);
}

bool is_of_same_owner(std::string_view host, std::string_view other) {
  const std::string domain = registered_domain(host);
  return !domain.empty() && domain == registered_domain(other);
}

// Is something broken on our own side? A fault without another server is that of the server which
// reports it.
bool is_own_fault(const CauseEntry& cause, const Facts& facts, std::string_view reporting_mta) {
  if (!cause.own_fault) return false;
  const bool own_host =
      is_own_host(facts.remote_host, reporting_mta) || is_private_address(facts.remote_address);
  if (*cause.own_fault == OwnFault::kServer) {
    return own_host || (facts.remote_host.empty() && !reporting_mta.empty());
  }
  // The address of a strange domain may be a loopback one.
  return own_host && !is_loopback(facts.remote_host);
}

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

RecipientGroup group_of(const RecipientDiagnosis& recipient, const CauseTable& causes,
                        std::string_view reporting_mta) {
  RecipientGroup group;
  const std::string end = passed_on_to(recipient, reporting_mta);
  if (!end.empty()) group.passed_on_to.push_back(end);
  group.outcome = recipient.outcome;
  if (const auto success = causes.of_success(recipient.outcome)) {
    group.cause = *success;
    group.actor = Actor::kNobody;
    group.confidence = Confidence::kCertain;
    return group;
  }
  group.actor = recipient.actor;
  const bool unsure =
      recipient.confidence == Confidence::kUnsure || causes[recipient.cause].success;
  group.cause = unsure ? Cause::kUnexplained : recipient.cause;
  group.confidence = unsure ? Confidence::kUnsure : Confidence::kCertain;  // see add_member()
  group.own_fault = is_own_fault(causes[group.cause], recipient.facts, reporting_mta);
  if (group.own_fault) group.actor = Actor::kSenderAdmin;
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

using Key = std::tuple<Cause, Outcome, Actor, bool, bool, std::string>;

Key key_of(const RecipientGroup& group, const RecipientDiagnosis& recipient) {
  const bool unsure = group.confidence == Confidence::kUnsure;
  return {group.cause,     group.outcome,
          group.actor,     !group.passed_on_to.empty(),
          group.own_fault, unsure ? without_address(recipient) : ""};
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

bool is_own_host(std::string_view host, std::string_view reporting_mta) {
  if (host.empty()) return false;
  return is_same_domain(host, reporting_mta) || is_of_same_owner(host, reporting_mta) ||
         is_loopback(host) || is_private_address(host) || host.starts_with("private/") ||
         host.starts_with("/");
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

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "cli/postfix/checks.h"
#include "lib/notice/readers.h"

namespace plainbounce {
namespace {

// Domains that this Postfix takes mail for, as far as main.cf names them itself.
std::set<std::string> served_domains(const PostfixSettings& settings) {
  std::set<std::string> domains;
  for (const char* const name :
       {"mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains"}) {
    for (const std::string& item : split_list(settings.value(name))) {
      const bool is_domain =
          item.find('.') != std::string::npos && item.find_first_of(":/$!") == std::string::npos;
      if (is_domain && !item.starts_with("localhost.")) domains.insert(item);
    }
  }
  return domains;
}

}  // namespace

void check_readers(const PostfixSituation& situation, std::vector<Finding>& findings) {
  const std::string mta(situation.settings.value("myhostname"));
  std::vector<std::string> own = situation.config.policy.own_domains;
  std::vector<std::string> outside;
  for (const std::string& domain : served_domains(situation.settings)) {
    const std::vector<std::string> reader = {"x@" + domain};
    if (is_outside(reader, own, mta)) outside.push_back(domain);
  }
  if (outside.empty()) return;
  if (own.empty()) own.push_back(house_domain(mta));
  own.insert(own.end(), outside.begin(), outside.end());
  findings.push_back({"readers-outside",
                      {{"domains", join_names(outside)},
                       {"own_domains", fmt::format("[\"{}\"]", fmt::join(own, "\", \""))}}});
}

}  // namespace plainbounce

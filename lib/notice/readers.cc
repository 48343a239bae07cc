#include "lib/notice/readers.h"

#include <algorithm>
#include <vector>

#include "lib/mail/address.h"
#include "lib/typo/public_suffix.h"

namespace plainbounce {

std::string house_domain(std::string_view mta_name) {
  std::string domain = registered_domain(mta_name);
  return domain.empty() ? canonical_domain(mta_name) : domain;
}

std::string contact_domain(std::span<const std::string> own_domains, std::string_view mta_name) {
  std::string domain = house_domain(mta_name);
  const bool is_own =
      own_domains.empty() ||
      std::any_of(own_domains.begin(), own_domains.end(), [&](const std::string& one) {
        return is_within_domain(domain, canonical_domain(one));
      });
  return is_own ? domain : canonical_domain(own_domains.front());
}

bool is_outside(std::span<const std::string> readers, std::span<const std::string> own_domains,
                std::string_view mta_name) {
  std::vector<std::string> own;
  for (const std::string& domain : own_domains) own.push_back(canonical_domain(domain));
  if (own.empty() && !mta_name.empty()) own.push_back(house_domain(mta_name));
  if (own.empty()) return false;
  return std::any_of(readers.begin(), readers.end(), [&](const std::string& reader) {
    const std::string domain = domain_of(reader);
    return !domain.empty() && std::none_of(own.begin(), own.end(), [&](const std::string& one) {
      return is_within_domain(domain, one);
    });
  });
}

}  // namespace plainbounce

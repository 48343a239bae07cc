#include "lib/typo/public_suffix.h"

#include <libpsl.h>

#include <cstddef>
#include <string>

#include "lib/base/ascii.h"
#include "lib/base/ip_network.h"
#include "lib/base/text.h"

namespace plainbounce {
namespace {

bool is_listed(const std::string& suffix) {
  // Without the star rule, which makes a suffix of every single label.
  return psl_is_public_suffix2(psl_builtin(), suffix.c_str(),
                               PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace

bool is_public_suffix(std::string_view suffix) {
  return psl_is_public_suffix2(psl_builtin(), std::string(suffix).c_str(), PSL_TYPE_ICANN) != 0;
}

bool is_top_level_domain(std::string_view label) {
  if (label.empty() || label.find('.') != std::string_view::npos) return false;
  const std::string name(label);
  // South Africa sells names under co.za and others, and none under za, which the list leaves out.
  return is_listed(name) || is_listed("co." + name);
}

SplitDomain split_domain(std::string_view domain) {
  for (std::size_t dot = domain.find('.'); dot != std::string_view::npos;
       dot = domain.find('.', dot + 1)) {
    const std::string_view suffix = domain.substr(dot + 1);
    if (is_public_suffix(suffix) || suffix.find('.') == std::string_view::npos) {
      return {domain.substr(0, dot), suffix};
    }
  }
  return {domain, {}};
}

std::string registered_domain(std::string_view host) {
  host = without_root(host);
  if (is_network(host)) return {};
  const std::string domain = ascii_lower(host);
  const auto [name, suffix] = split_domain(domain);
  if (name.empty() || suffix.empty()) return {};
  const std::size_t dot = name.rfind('.');
  return std::string(name.substr(dot == std::string_view::npos ? 0 : dot + 1)) + "." +
         std::string(suffix);
}

}  // namespace plainbounce

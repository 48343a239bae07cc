#include "lib/notice/notice.h"

#include "lib/notice/links.h"

namespace plainbounce {

House to_outsiders(const House& house, const std::string& domain) {
  House neutral;
  neutral.organisation = domain;
  neutral.language = house.language;
  neutral.languages = house.languages;
  neutral.second_language = house.second_language;
  neutral.speaks_as = domain;
  return neutral;
}

House with_contact(House house, const std::string& domain) {
  const bool names_nobody = house.help_name.empty() && house.help_email.empty() &&
                            house.help_phone.empty() && house.help_url.empty();
  const std::string postmaster = "postmaster@" + domain;
  if (names_nobody && may_be_mailto(postmaster)) house.help_email = postmaster;
  return house;
}

}  // namespace plainbounce

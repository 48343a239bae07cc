#include "lib/notice/notice.h"

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

}  // namespace plainbounce

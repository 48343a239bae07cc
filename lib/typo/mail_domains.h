// The domains that people have mailboxes at, and the names that are no slip for one of them. The
// data is mail-domains.tsv.
#ifndef PLAINBOUNCE_LIB_TYPO_MAIL_DOMAINS_H_
#define PLAINBOUNCE_LIB_TYPO_MAIL_DOMAINS_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/enum_ids.h"

namespace plainbounce {

// How a name stands among domain names; mail-domains.tsv says what the first four mean.
enum class Standing {
  kBrand,
  kService,
  kMail,
  kOther,
  kOwn,      // from the house's conf file
  kMessage,  // another address of the same message has it
};
// None for those that no row of the data has.
template <>
inline constexpr auto kIds<Standing> = ids_to<Standing::kMessage>("brand", "service", "mail",
                                                                  "other", "", "");

// A name under the suffixes that it is used with: "hotmail" under "com", "co.uk", ... All in lower
// case, ASCII (xn-- where the domain isn't).
struct MailName {
  std::string name;
  Standing standing = Standing::kOther;
  std::vector<std::string> suffixes;  // at least one
  std::uint64_t letters = 0;          // letters_of(name), for a quick look; 0: not counted
};

// Which letters and digits stand in a text: a bit for each.
std::uint64_t letters_of(std::string_view text);

class MailDomains {
 public:
  // Throws DataError.
  void load(std::string_view file, std::string_view tsv);

  // The domains of the house's conf file; their case doesn't matter.
  void add_own(std::span<const std::string> domains);

  // Is this domain, in lower case, one of the data's or the house's?
  bool is_known(std::string_view domain) const { return known_.contains(domain); }

  const std::vector<MailName>& names() const { return names_; }

  // The known domain whose letters look like this one's, which may be in any script, xn-- or have
  // accents: "gmаil.com" with a Cyrillic а, "outl00k.com". Empty: none, or several.
  std::string look_alike(std::string_view domain) const;

 private:
  void add(MailName name);

  std::vector<MailName> names_;
  std::set<std::string, std::less<>> known_;
  std::map<std::string, std::string, std::less<>> by_look_;  // what it looks like -> domain
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_TYPO_MAIL_DOMAINS_H_

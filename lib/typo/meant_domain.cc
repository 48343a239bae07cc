#include "lib/typo/meant_domain.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/mail/address.h"
#include "lib/typo/domain_text.h"
#include "lib/typo/public_suffix.h"
#include "lib/typo/typing_slip.h"

namespace plainbounce {
namespace {

constexpr std::size_t kMaxTyped = 80;

// How far a proposal is from what was written; the smaller, the better.
enum class Distance {
  kForm,         // dots, commas, "www.", letters that look the same
  kSuffix,       // a slip in the top-level domain that makes none that exists
  kSuffixOther,  // the right name under a wrong suffix, by a likely slip
  kCountry,      // the right country, whose own top-level domain or second level is wrong
  kName,         // a likely slip in the name
  kNameOther,    // an unlikely one
  kWrongSuffix,  // the right name under a suffix that isn't like the right one
  kTwo,          // two slips
};

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

bool is_single(Slip slip) { return slip >= Slip::kDoubled && slip <= Slip::kAnyOther; }

// Is the name a mail service's and no other word?
bool is_coined(Standing standing) {
  return standing == Standing::kBrand || standing == Standing::kService;
}

// The one label in which two names differ.
struct LabelSlip {
  SlipFound found;
  std::string_view typed;
  std::string_view meant;
};

LabelSlip find_label_slip(std::string_view typed, std::string_view meant) {
  LabelSlip result;
  if (count_dots(typed) != count_dots(meant)) return result;
  for (int differing = 0; !typed.empty() || !meant.empty();) {
    const std::string_view one = typed.substr(0, typed.find('.'));
    const std::string_view other = meant.substr(0, meant.find('.'));
    if (one != other) {
      if (++differing > 1) return {};
      result = {find_slip(one, other), one, other};
    }
    typed.remove_prefix(std::min(one.size() + 1, typed.size()));
    meant.remove_prefix(std::min(other.size() + 1, meant.size()));
  }
  return result;
}

// Is this slip in a mail service's own name beyond doubt?
bool counts_for_brand(const SlipFound& found, const LabelSlip& label) {
  const std::size_t length = label.meant.size();
  switch (found.slip) {
    case Slip::kDoubled:
      return length >= 4;
    case Slip::kUndoubled:
    case Slip::kSwapped:
    case Slip::kExtra:
      return length >= 5;
    case Slip::kNeighbour:
    case Slip::kMissing:
      return length >= (found.at_start ? 7U : 5U);
    case Slip::kMoved:
      return length >= 6;
    case Slip::kAnyExtra:
      return length >= 6 && !found.at_start && !found.at_end;
    case Slip::kAnyOther:
      return length >= 8 && !found.at_start && !found.at_end;
    case Slip::kTwo:
      return length >= 7;
    case Slip::kNone:
    case Slip::kUnlike:
      break;
  }
  return false;
}

// The same for a name that is a word or a company's.
bool counts_for_word(const SlipFound& found, std::size_t length) {
  const bool inside = !found.at_start && !found.at_end;
  switch (found.slip) {
    case Slip::kDoubled:
    case Slip::kSwapped:
      return length >= 5;
    case Slip::kUndoubled:
      return length >= 6;
    case Slip::kNeighbour:
      return length >= 6 && inside;
    case Slip::kMissing:
    case Slip::kExtra:
      return length >= 8 && inside;
    default:
      return false;
  }
}

// Looks for the nearest candidate.
class Search {
 public:
  Search(std::string_view typed, Existence existence, const MailDomains& domains)
      : typed_(typed),
        bare_(without_dots(typed)),
        letters_(letters_of(typed)),
        strict_(existence == Existence::kPossible),
        real_top_level_(is_top_level_domain(last_label(typed)) &&
                        typed.find('.') != std::string_view::npos),
        domains_(domains) {}

  void consider(const MailName& name) {
    if (name.standing == Standing::kOther) return;
    // No slip takes more than two letters away.
    if (std::popcount(name.letters & ~letters_) > 2) return;
    for (const std::string& suffix : name.suffixes) consider(name, suffix);
  }

  void propose(Distance distance, std::string domain) {
    if (best_ && *best_ < distance) return;
    if (best_ == distance && domain != proposal_) {
      proposal_.clear();
      return;
    }
    best_ = distance;
    proposal_ = std::move(domain);
  }

  std::string proposal() const { return proposal_; }

 private:
  void consider(const MailName& name, const std::string& suffix) {
    const std::size_t length = name.name.size() + 1 + suffix.size();
    // No slip adds or loses more; only a wrong suffix may be longer.
    if (typed_.size() + 6 < length || typed_.size() > length + 12) return;
    const auto distance = distance_to(name, suffix);
    if (distance) propose(*distance, name.name + "." + suffix);
  }

  std::optional<Distance> distance_to(const MailName& name, const std::string& suffix) const {
    if (is_squeezed(name, suffix)) return Distance::kForm;
    if (is_name_then_suffix(name.name)) return suffix_distance(name, suffix);
    const auto typed = split_at(typed_, count_dots(suffix) + 1);
    if (!typed) return std::nullopt;
    if (typed->suffix == suffix) return name_distance(name, typed->name);
    return distance_of_both(name, suffix, *typed);
  }

  // All letters right, dots missing or misplaced: "gmailcom", "hotmailco.uk".
  bool is_squeezed(const MailName& name, const std::string& suffix) const {
    if (bare_.size() + count_dots(name.name) + count_dots(suffix) + 1 !=
        name.name.size() + 1 + suffix.size()) {
      return false;
    }
    if (real_top_level_ && name.name.size() < 5) return false;
    return bare_ == without_dots(name.name + suffix);
  }

  bool is_name_then_suffix(std::string_view name) const {
    return typed_.starts_with(name) && (typed_.size() == name.size() || typed_[name.size()] == '.');
  }

  // Where a brand has but one suffix, any other is wrong.
  static std::optional<Distance> any_suffix(const MailName& name) {
    const bool sole_brand = name.standing == Standing::kBrand && name.suffixes.size() == 1;
    return sole_brand ? std::optional(Distance::kWrongSuffix) : std::nullopt;
  }

  static bool is_general(std::string_view suffix) {
    return suffix == "net" || suffix == "org" || suffix == "info" || suffix == "biz";
  }

  // The name is right.
  std::optional<Distance> suffix_distance(const MailName& name, const std::string& suffix) const {
    const std::optional<Distance> any = any_suffix(name);
    if (typed_.size() == name.name.size()) return any;
    const std::string_view typed = typed_.substr(name.name.size() + 1);
    const Slip slip = find_slip(typed, suffix).slip;
    if (!real_top_level_) {
      if (is_likely(slip)) return Distance::kSuffix;
      return is_single(slip) || suffix.starts_with(typed) ? Distance::kSuffixOther : any;
    }
    return is_slip_in_second_level(typed, suffix, slip)
               ? std::optional(Distance::kSuffixOther)
               : real_suffix_distance(name, suffix, typed, slip);
  }

  // What was typed ends in a top-level domain that exists.
  std::optional<Distance> real_suffix_distance(const MailName& name, const std::string& suffix,
                                               std::string_view typed, Slip slip) const {
    const bool brand = name.standing == Standing::kBrand;
    if (brand && is_reversed(typed, suffix)) return Distance::kCountry;
    if (is_coined(name.standing) && is_repeated(typed, suffix)) return Distance::kSuffixOther;
    // Below another's domain it is a name that anybody may have.
    if (!may_be_whole_suffix(typed)) return std::nullopt;
    if (is_coined(name.standing) && suffix == "com" && is_likely(slip)) {
      return Distance::kSuffixOther;
    }
    if (brand && is_country_twin(typed, suffix)) return Distance::kCountry;
    if (brand && suffix == "com" && is_general(typed)) return Distance::kWrongSuffix;
    if (brand) return any_suffix(name);
    const bool vouched = name.standing == Standing::kOwn && !strict_ && name.name.size() >= 6;
    return vouched ? std::optional(Distance::kWrongSuffix) : std::nullopt;
  }

  // "con.br" for "com.br": what isn't one of the labels that names are sold under.
  static bool is_slip_in_second_level(std::string_view typed, std::string_view suffix, Slip slip) {
    if (!is_likely(slip) || count_dots(typed) != 1 || count_dots(suffix) != 1) return false;
    return last_label(typed) == last_label(suffix) && !may_be_whole_suffix(typed);
  }

  // "uk" or "com.uk" for "co.uk".
  static bool is_country_twin(std::string_view typed, std::string_view suffix) {
    const std::string_view country = last_label(suffix);
    return country.size() == 2 && last_label(typed) == country;
  }

  // "uk.co" for "co.uk".
  static bool is_reversed(std::string_view typed, std::string_view suffix) {
    const std::size_t dot = suffix.find('.');
    if (dot == std::string_view::npos || typed.size() != suffix.size()) return false;
    return typed.starts_with(suffix.substr(dot + 1)) && typed.ends_with(suffix.substr(0, dot)) &&
           typed[suffix.size() - dot - 1] == '.';
  }

  // "com.com" for "com".
  static bool is_repeated(std::string_view typed, std::string_view suffix) {
    return typed.size() == suffix.size() + 1 + last_label(suffix).size() &&
           typed.starts_with(suffix) && typed[suffix.size()] == '.' &&
           typed.ends_with(last_label(suffix));
  }

  // The suffix is right.
  std::optional<Distance> name_distance(const MailName& name, std::string_view typed) const {
    const LabelSlip label = find_label_slip(typed, name.name);
    if (!counts(name, label)) return std::nullopt;
    if (is_likely(label.found.slip)) return Distance::kName;
    if (strict_) return std::nullopt;
    return label.found.slip == Slip::kTwo ? Distance::kTwo : Distance::kNameOther;
  }

  bool counts(const MailName& name, const LabelSlip& label) const {
    const SlipFound& found = label.found;
    if (found.slip == Slip::kUnlike || found.slip == Slip::kNone) return false;
    const bool brand = is_coined(name.standing);
    if (label.typed.find('-') != std::string_view::npos &&
        (found.slip == Slip::kExtra || found.slip == Slip::kAnyExtra)) {
      return false;
    }
    // "lab1" and "lab2" are two places, "outl0ok" is a slip.
    if (digits_of(label.typed) != digits_of(label.meant)) {
      return brand && found.slip == Slip::kNeighbour && counts_for_brand(found, label);
    }
    if (brand) return counts_for_brand(found, label) || is_vowel_slip(label);
    if (!strict_) {
      const std::size_t shortest = name.standing == Standing::kMail ? 5 : 6;
      return label.meant.size() >= shortest && counts_for_word(found, label.meant.size());
    }
    return name.standing != Standing::kMail && label.meant.size() >= 6 &&
           (found.slip == Slip::kSwapped || found.slip == Slip::kDoubled);
  }

  // As it is heard: "hotmeil".
  static bool is_vowel_slip(const LabelSlip& label) {
    if (label.found.slip != Slip::kAnyOther || label.meant.size() < 6) return false;
    const auto differing =
        std::mismatch(label.typed.begin(), label.typed.end(), label.meant.begin());
    return is_vowel(*differing.first) && is_vowel(*differing.second);
  }

  std::optional<Distance> distance_of_both(const MailName& name, const std::string& suffix,
                                           const SplitDomain& typed) const {
    if (strict_ || !is_coined(name.standing)) return std::nullopt;
    const bool common = suffix == "com" && (typed.suffix == "co" || typed.suffix == "cm");
    if (real_top_level_ && !common) return std::nullopt;
    if (!is_likely(find_slip(typed.suffix, suffix).slip)) return std::nullopt;
    const LabelSlip label = find_label_slip(typed.name, name.name);
    if (!is_likely(label.found.slip) || !counts(name, label)) return std::nullopt;
    if (domains_.is_known(std::string(typed.name) + "." + suffix)) return std::nullopt;
    return Distance::kTwo;
  }

  std::string_view typed_;
  std::string bare_;
  std::uint64_t letters_;
  bool strict_;
  bool real_top_level_;
  const MailDomains& domains_;
  std::optional<Distance> best_;
  std::string proposal_;  // empty: none, or several at the same distance
};

bool is_candidate(std::string_view domain, std::span<const MailName> others) {
  return std::any_of(others.begin(), others.end(), [&](const MailName& name) {
    return domain == name.name + "." + name.suffixes.front();
  });
}

// Is it known itself, or below one that is?
bool is_known_or_below(std::string_view domain, const MailDomains& domains,
                       std::span<const MailName> others) {
  while (true) {
    if (domains.is_known(domain) || is_candidate(domain, others)) return true;
    const std::size_t dot = domain.find('.');
    if (dot == std::string_view::npos) return false;
    domain.remove_prefix(dot + 1);
  }
}

bool may_be_proposed(std::string_view domain, const MailDomains& domains,
                     std::span<const MailName> others) {
  if (is_candidate(domain, others)) return true;
  return domains.is_known(domain) &&
         std::any_of(domains.names().begin(), domains.names().end(), [&](const MailName& name) {
           return name.standing != Standing::kOther && domain.starts_with(name.name) &&
                  domain.size() > name.name.size() && domain[name.name.size()] == '.' &&
                  std::find(name.suffixes.begin(), name.suffixes.end(),
                            domain.substr(name.name.size() + 1)) != name.suffixes.end();
         });
}

}  // namespace

std::string find_meant_domain(std::string_view domain, Existence existence,
                              const MailDomains& domains, std::span<const MailName> others) {
  if (domain.empty() || domain.size() > kMaxTyped) return {};
  std::string typed = ascii_lower(domain);
  if (typed.back() == '.') typed.pop_back();  // the root (RFC 1034 section 3.1)
  std::string clean = clean_form(typed);
  if (clean != typed) {
    std::string canonical = canonical_domain(clean);
    if (may_be_proposed(canonical, domains, others)) return canonical;
  }
  if (is_known_or_below(canonical_domain(typed), domains, others) || clean.empty()) return {};

  const bool ascii = is_ascii(clean) && clean.find("xn--") == std::string::npos;
  if (!ascii) return domains.look_alike(clean);
  Search search(clean, existence, domains);
  if (split_domain(clean).name.size() >= 5) {
    std::string look_alike = domains.look_alike(clean);
    if (!look_alike.empty()) search.propose(Distance::kForm, std::move(look_alike));
  }
  for (const MailName& name : domains.names()) search.consider(name);
  for (const MailName& name : others) search.consider(name);
  return search.proposal();
}

}  // namespace plainbounce

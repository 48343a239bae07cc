#include "lib/typo/mail_domains.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/base/tsv.h"
#include "lib/mail/address.h"
#include "lib/typo/look_alike.h"
#include "lib/typo/public_suffix.h"

namespace plainbounce {
namespace {

constexpr std::array<std::string_view, 3> kColumns = {"name", "standing", "suffixes"};

}  // namespace

std::uint64_t letters_of(std::string_view text) {
  std::uint64_t letters = 0;
  for (const char c : text) {
    if (is_small_letter(c)) letters |= std::uint64_t{1} << (c - 'a');
    if (is_digit(c)) letters |= std::uint64_t{1} << (c - '0' + 26);
  }
  return letters;
}

void MailDomains::load(std::string_view file, std::string_view tsv) {
  for (const TableRow& row : parse_table(file, tsv, kColumns)) {
    const auto standing = parse_id<Standing>(row.cells[1]);
    MailName name{std::string(row.cells[0]), standing.value_or(Standing::kOther),
                  split(row.cells[2], ' ')};
    if (name.name.empty() || !standing || name.suffixes.empty()) {
      fail_at(file, row.line, "expected a name; brand, service, mail or other; and suffixes");
    }
    for (const std::string& suffix : name.suffixes) {
      if (is_known(fmt::format("{}.{}", name.name, suffix))) {
        fail_at(file, row.line, fmt::format("{}.{} stands twice", name.name, suffix));
      }
    }
    add(std::move(name));
  }
}

void MailDomains::add_own(std::span<const std::string> domains) {
  for (const std::string& text : domains) {
    const std::string domain = canonical_domain(text);
    const SplitDomain split = split_domain(domain);
    if (split.suffix.empty() || is_known(domain)) continue;
    add({std::string(split.name), Standing::kOwn, {std::string(split.suffix)}});
  }
}

void MailDomains::add(MailName name) {
  for (const std::string& suffix : name.suffixes) {
    const std::string domain = fmt::format("{}.{}", name.name, suffix);
    known_.insert(domain);
    if (name.standing != Standing::kOther) {
      const auto [place, is_new] = by_look_.emplace(look_of(domain), domain);
      if (!is_new) place->second.clear();
    }
  }
  name.letters = letters_of(name.name);
  names_.push_back(std::move(name));
}

std::string MailDomains::look_alike(std::string_view domain) const {
  const auto place = by_look_.find(look_of(domain));
  return place == by_look_.end() ? std::string() : place->second;
}

}  // namespace plainbounce

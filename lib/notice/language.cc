#include "lib/notice/language.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/mail/address.h"
#include "lib/notice/language_list.h"
#include "lib/notice/subject_language.h"

namespace plainbounce {
namespace {

// Does the key of the house's map cover the address: itself, its domain, or a domain above that?
bool covers(std::string_view key, std::string_view address) {
  if (key.find('@') != std::string_view::npos) return is_same_address(key, address);
  const std::string domain = domain_of(address);
  const std::string wanted = canonical_domain(key);
  return domain == wanted || domain.ends_with("." + wanted);
}

const Messages* find_in_house(const std::vector<std::string>& readers, const House& house,
                              const Catalogue& catalogue) {
  for (const std::string& reader : readers) {
    const std::pair<const std::string, std::string>* best = nullptr;
    for (const auto& entry : house.languages) {
      const bool is_address = entry.first.find('@') != std::string::npos;
      const bool is_closer =
          best == nullptr || is_address ||
          canonical_domain(entry.first).size() > canonical_domain(best->first).size();
      if (is_closer && covers(entry.first, reader)) {
        best = &entry;
        if (is_address) break;
      }
    }
    const Messages* const found = best == nullptr ? nullptr : catalogue.find(best->second);
    if (found != nullptr) return found;
  }
  return nullptr;
}

// Mail programs write the language of their dictionary into Content-Language: English wherever
// nobody has installed another.
bool is_asked_for(const Messages& language) { return bare_language(language.language()) != "en"; }

// Null: it tells none, or a field names a language that isn't served. Whoever reads that one
// needn't read another in the same letters.
const Messages* find_by_subject(const ReturnedMessage& returned,
                                const std::vector<std::string>& named, const Catalogue& catalogue) {
  const bool all_served = std::all_of(named.begin(), named.end(), [&](const std::string& tag) {
    return catalogue.find_own(tag) != nullptr;
  });
  if (!all_served) return nullptr;
  return catalogue.find_own(language_of_subject(returned.header_charset, returned.subject));
}

const Messages* choose_by_message(const ReturnedMessage& returned, const Catalogue& catalogue) {
  std::vector<std::string> named = languages_in_list(returned.accept_language);
  if (const Messages* const found = catalogue.find_best(named)) return found;
  const std::vector<std::string> content = languages_in_list(returned.content_language);
  const Messages* const of_content = catalogue.find_best(content);
  if (of_content != nullptr && is_asked_for(*of_content)) return of_content;
  named.insert(named.end(), content.begin(), content.end());
  const Messages* const of_subject = find_by_subject(returned, named, catalogue);
  return of_subject != nullptr ? of_subject : of_content;
}

const Messages* choose_first(const ReturnedMessage& returned,
                             const std::vector<std::string>& readers, const House& house,
                             const Catalogue& catalogue) {
  if (const Messages* const found = find_in_house(readers, house, catalogue)) return found;
  const Messages* const found = choose_by_message(returned, catalogue);
  return found != nullptr ? found : &catalogue.messages(house.language);
}

}  // namespace

LanguageChoice choose_language(const Report& report, const std::vector<std::string>& readers,
                               const House& house, const Catalogue& catalogue) {
  const bool known = !readers.empty() || report.original_sender.empty();
  LanguageChoice choice;
  choice.first = choose_first(
      report.returned, known ? readers : std::vector{report.original_sender}, house, catalogue);
  choice.second = catalogue.find(house.second_language);
  if (choice.second == choice.first) choice.second = nullptr;
  return choice;
}

}  // namespace plainbounce

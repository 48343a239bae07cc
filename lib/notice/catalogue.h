// The sentences and layouts, loaded once at start: messages/<language>.toml and templates/.
#ifndef PLAINBOUNCE_LIB_NOTICE_CATALOGUE_H_
#define PLAINBOUNCE_LIB_NOTICE_CATALOGUE_H_

#include <unicode/uversion.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/notice/message_file.h"

U_NAMESPACE_BEGIN
class Locale;
class LocaleMatcher;
U_NAMESPACE_END

namespace plainbounce {

// Immutable once loaded; share it among threads.
class Catalogue {
 public:
  // The compiled-in files. Throws DataError.
  static Catalogue load();

  // Adds a language, or takes the place of the one that has its tag. Throws DataError. Not while
  // other threads read.
  void add(Messages messages);

  // Takes over the *.toml files of a directory, in the order of their names: each either overlays
  // the language that it names or adds a new one. Throws DataError.
  void add_messages(const std::filesystem::path& directory);

  // Takes the *.mustache files of a directory in place of the built-in ones of the same name.
  // Throws DataError: one can't be parsed, or names something that the built-in one doesn't.
  void replace_templates(const std::filesystem::path& directory);

  // The language that serves a BCP 47 tag best, by CLDR's language matching: "pt" is served by
  // pt-BR, "de-AT" by de, "zh-CN" by zh. Another language, or the same in another script, serves
  // only in Latin letters: "ca" is served by es, but "bo" and "zh-TW" aren't by zh. Null: none
  // does, or it is no tag.
  const Messages* find(std::string_view language) const;
  // As find(), but only where it is the same language: "de-AT" is served by de, and "is" by none,
  // though CLDR has it that its readers read English, too. For what somebody names on purpose.
  const Messages* find_own(std::string_view language) const;
  // As find() for several tags, the most wanted first: one that is served in itself comes before
  // one that another language serves.
  const Messages* find_best(const std::vector<std::string>& tags) const;
  // As find(), but English where there is none.
  const Messages& messages(std::string_view language) const;
  std::vector<std::string> languages() const;

  const std::string& text_template() const { return text_template_; }  // Mustache
  const std::string& html_template() const { return html_template_; }
  const std::string& preface_template() const { return preface_template_; }
  const std::string& explain_template() const { return explain_template_; }
  const std::string& rule_template() const { return rule_template_; }

 private:
  const Messages* find(const icu::Locale& supported) const;
  std::string* layout(std::string_view file_name);  // null: there is none of that name

  std::map<std::string, Messages, std::less<>> messages_;  // by language, in lower case
  std::shared_ptr<const icu::LocaleMatcher> matcher_;
  std::string text_template_;
  std::string html_template_;
  std::string preface_template_;
  std::string explain_template_;
  std::string rule_template_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_CATALOGUE_H_

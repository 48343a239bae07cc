// The sentences and layouts, loaded once at start: messages/<language>.toml and templates/.
#ifndef PLAINBOUNCE_LIB_NOTICE_WORDING_H_
#define PLAINBOUNCE_LIB_NOTICE_WORDING_H_

#include <unicode/uversion.h>

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

U_NAMESPACE_BEGIN
class Locale;
class LocaleMatcher;
U_NAMESPACE_END

namespace plainbounce {

// A message file or template that can't be used: what() is "FILE:LINE: KEY: what is wrong".
class WordingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One language's sentences: dotted keys ("cause.mailbox-full.reason") -> ICU MessageFormat patterns
// with named arguments. An array's items have the keys "KEY.1", "KEY.2", ...; an array within an
// array holds alternatives: "KEY.1.1", "KEY.1.2".
class Messages {
 public:
  // Throws WordingError: no valid TOML, a value that is neither text nor an array, a pattern that
  // ICU can't parse, an argument that arguments.h doesn't have, a step that doesn't exist.
  static Messages parse(std::string_view file, std::string_view toml);

  // Takes over the keys of another file of this language: a text or a list takes the place of the
  // one that stands there. "extra.CAUSE" may be new. Throws WordingError, also for other new keys.
  void overlay(std::string_view file, std::string_view toml);

  // What meta.language says; empty: nothing. Throws WordingError where it is no TOML.
  static std::string language_of(std::string_view file, std::string_view toml);

  const std::string& language() const { return language_; }  // BCP 47
  const std::string& locale() const { return locale_; }      // for dates, numbers, lists; BCP 47
  bool right_to_left() const { return right_to_left_; }
  // What stands between two sentences of a paragraph; empty in Chinese and Japanese.
  const std::string& sentence_separator() const { return sentence_separator_; }

  // Null: no such key.
  const std::string* find(std::string_view key) const;
  // The names of the arguments in a key's pattern, those within plurals too.
  const std::vector<std::string>& arguments(std::string_view key) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return patterns_; }

 private:
  friend class MessagesReader;

  std::string language_;
  std::string locale_;
  bool right_to_left_ = false;
  std::string sentence_separator_ = " ";
  std::map<std::string, std::string, std::less<>> patterns_;
  std::map<std::string, std::vector<std::string>, std::less<>> arguments_;
};

// Immutable once loaded; share it among threads.
class Wording {
 public:
  // The compiled-in files. Throws WordingError.
  static Wording load();

  // Adds a language, or takes the place of the one that has its tag. Throws WordingError. Not while
  // other threads read.
  void add(Messages messages);

  // Takes over the *.toml files of a directory, in the order of their names: each either overlays
  // the language that it names or adds a new one. Throws WordingError.
  void add_messages(const std::filesystem::path& directory);

  // Takes the *.mustache files of a directory in place of the built-in ones of the same name.
  // Throws WordingError: one can't be parsed, or names something that the built-in one doesn't.
  void replace_templates(const std::filesystem::path& directory);

  // The language that serves a BCP 47 tag best, by CLDR's language matching: "pt" is served by
  // pt-BR, "de-AT" by de, "zh-CN" by zh. Null: none does, or it is no tag.
  const Messages* find(std::string_view language) const;
  // The same for the languages of an Accept-Language field, whose weights count (RFC 3282):
  // "cs, de;q=0.8, en;q=0.5".
  const Messages* find_in_list(std::string_view languages) const;
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

#endif  // PLAINBOUNCE_LIB_NOTICE_WORDING_H_

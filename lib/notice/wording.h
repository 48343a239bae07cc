// The sentences and layouts, loaded once at start: messages/<language>.toml and templates/.
#ifndef PLAINBOUNCE_LIB_NOTICE_WORDING_H_
#define PLAINBOUNCE_LIB_NOTICE_WORDING_H_

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// A message file or template that can't be used: what() is "FILE:LINE: KEY: what is wrong".
class WordingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One language's sentences: dotted keys ("cause.mailbox-full.headline") -> ICU MessageFormat
// patterns with named arguments.
class Messages {
 public:
  // Throws WordingError: no valid TOML, a pattern that ICU can't parse.
  static Messages parse(std::string_view file, std::string_view toml);

  const std::string& language() const { return language_; }  // BCP 47
  bool right_to_left() const { return right_to_left_; }

  // Null: no such key.
  const std::string* find(std::string_view key) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return patterns_; }

 private:
  std::string language_;
  bool right_to_left_ = false;
  std::map<std::string, std::string, std::less<>> patterns_;
};

// Immutable once loaded; share it among threads.
class Wording {
 public:
  // The compiled-in files. Throws WordingError.
  static Wording load();

  // The best language for a BCP 47 tag; English where there is none.
  const Messages& messages(std::string_view language) const;
  std::vector<std::string> languages() const;

  const std::string& text_template() const { return text_template_; }  // Mustache
  const std::string& html_template() const { return html_template_; }

 private:
  std::map<std::string, Messages, std::less<>> messages_;  // by language
  std::string text_template_;
  std::string html_template_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_WORDING_H_

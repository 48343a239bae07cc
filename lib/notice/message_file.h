// One language's file -> the sentences in it.
#ifndef PLAINBOUNCE_LIB_NOTICE_MESSAGE_FILE_H_
#define PLAINBOUNCE_LIB_NOTICE_MESSAGE_FILE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plainbounce {

// One language's sentences: dotted keys ("cause.mailbox-full.reason") -> ICU MessageFormat patterns
// with named arguments. An array's items have the keys "KEY.1", "KEY.2", ...; an array within an
// array holds alternatives: "KEY.1.1", "KEY.1.2".
class Messages {
 public:
  // Throws DataError: no valid TOML, a value that is neither text nor an array, a pattern that
  // ICU can't parse, an argument that message_arguments.h doesn't have, a step that doesn't exist,
  // leads back to itself or through too many others (shared_steps.h).
  static Messages parse(std::string_view file, std::string_view toml);

  // Takes over the keys of another file of this language: a text or a list takes the place of the
  // one that stands there. "extra.CAUSE" may be new. Throws DataError, also for other new keys.
  void overlay(std::string_view file, std::string_view toml);

  // What meta.language says; empty: nothing. Throws DataError where it is no TOML.
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

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_MESSAGE_FILE_H_

// Messages + arguments -> finished sentences; moments, sizes and lists -> the language's own form.
#ifndef PLAINBOUNCE_LIB_NOTICE_SPEAKER_H_
#define PLAINBOUNCE_LIB_NOTICE_SPEAKER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/notice/catalogue.h"
#include "lib/notice/message_arguments.h"
#include "lib/report/report.h"

namespace plainbounce {

// An item of a list of steps. `shared`: "check-address" where it is step.check-address; empty: it
// is a text of its own.
struct Step {
  std::string text;
  std::string shared;
};

// Speaks one language. What runs in the other direction than a sentence, or may, is put into it
// between isolate marks (display.h). Total: what can't be formatted is left out. Not to be shared
// among threads; make one for each notice. Both Messages must outlive it.
class Speaker {
 public:
  // `fallback` is asked for keys that `messages` lacks.
  Speaker(const Messages& messages, const Messages& fallback);
  ~Speaker();
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;

  // The pattern of that key, or the first of its alternatives (KEY.1, KEY.2, ...) whose arguments
  // are all known; "@name" says "step.name". Empty: no such key, or none whose arguments are known.
  std::string say(std::string_view key, const Arguments& arguments = {}) const;

  // Is there such a text, or list of alternatives?
  bool knows(std::string_view key) const { return having(key) != nullptr; }

  // The items of a list, each as by say(), without those left out.
  std::vector<std::string> items(std::string_view key, const Arguments& arguments) const;

  // The same with the shared steps that they are.
  std::vector<Step> steps(std::string_view key, const Arguments& arguments) const;

  // The items of a list as one paragraph.
  std::string paragraph(std::string_view key, const Arguments& arguments) const;

  // Two parts of a paragraph; either may be empty.
  std::string join(std::string_view first, std::string_view second) const;

  // A part of a sentence as one of its own: "the mailbox is full" -> "The mailbox is full". What
  // begins with a domain or an address, with a letter of another script, or without any, stays.
  std::string as_sentence(std::string_view part) const;

  // "a, b and c"
  std::string list(const std::vector<std::string>& items) const;

  // "Monday, 23 November 2026 at 09:12", in the moment's own UTC offset.
  std::string moment(const Timestamp& when) const;
  // The same with seconds and the offset.
  std::string exact_moment(const Timestamp& when) const;
  // "34 MB" (of 1024 * 1024 bytes), with `decimals` digits after the point where they aren't 0.
  std::string size(std::uint64_t bytes, int decimals = 1) const;
  // "5 minutes", "1 hour, 30 minutes"
  std::string duration(std::int64_t seconds) const;
  std::string number(std::int64_t value) const;

  const Messages& messages() const { return messages_; }

 private:
  struct Formats;

  const Messages* having(std::string_view key) const;
  std::string say_from(const Messages& messages, std::string_view key, const Arguments& arguments,
                       std::size_t steps) const;
  std::string format(const Messages& messages, const std::string& key,
                     const Arguments& arguments) const;

  const Messages& messages_;
  const Messages& fallback_;
  std::unique_ptr<Formats> formats_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_SPEAKER_H_

// What the fuzzers share: what they require, what it may cost, and one bounce to try things on.
#ifndef PLAINBOUNCE_TESTS_FUZZ_FUZZING_H_
#define PLAINBOUNCE_TESTS_FUZZ_FUZZING_H_

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/report/read.h"
#include "lib/rewrite.h"

namespace plainbounce::fuzzing {

// A promise of a header. libFuzzer takes an abort for a find.
inline void require(bool condition, const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  if (condition) return;
  std::fprintf(stderr, "%s:%d: this doesn't hold\n", file, line);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// While it lives, this thread may use so much of the processor: some time, and some for each byte.
// The sanitizers take ten to twenty times of what a release does; whatever takes the square of its
// input is far above it at some 100 kB.
class CostBound {
 public:
  explicit CostBound(std::size_t bytes) : bytes_(bytes), begin_(seconds()) {}
  CostBound(const CostBound&) = delete;
  CostBound& operator=(const CostBound&) = delete;
  ~CostBound() {
    const double used = seconds() - begin_;
    if (used <= kSeconds + kSecondsOfByte * static_cast<double>(bytes_)) return;
    std::fprintf(stderr, "%.1f s of the processor for %zu bytes\n", used, bytes_);
    std::abort();
  }

 private:
  static constexpr double kSeconds = 2;
  static constexpr double kSecondsOfByte = 30e-6;

  static double seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
  }

  std::size_t bytes_;
  double begin_;
};

// Loaded once.
inline const Resources& resources() {
  static const Resources kResources{Knowledge::load(), Catalogue::load()};
  return kResources;
}

// Pieces of the input that begin a line with a mark: "@M <>" with the mark '@' is "M <>". Nothing
// before the first mark counts.
inline std::vector<std::string_view> pieces_of(std::string_view text, char mark) {
  std::vector<std::string_view> pieces;
  const std::string begin{'\n', mark};
  std::size_t at = text.starts_with(mark) ? 0 : text.find(begin);
  while (at < text.size()) {
    if (text[at] == '\n') ++at;
    const std::size_t end = std::min(text.find(begin, at), text.size());
    pieces.push_back(text.substr(at + 1, end - at - 1));
    at = end;
  }
  return pieces;
}

// A folder with one file in it, as an administrator's; gone when the program ends.
class OwnFolder {
 public:
  OwnFolder() { std::filesystem::create_directories(path_); }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;
  ~OwnFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& with(const std::string& name, std::string_view text) {
    if (!last_.empty() && last_ != name) std::filesystem::remove(path_ / last_);
    last_ = name;
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_;
  }
  std::string path_of(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("plainbounce-own-" + std::to_string(getpid()));
  std::string last_;
};

// Does `text` begin with "FILE:LINE: ", as what is said of an administrator's file does?
inline bool names_place(std::string_view text, std::string_view file) {
  if (!text.starts_with(file) || !text.substr(file.size()).starts_with(':')) return false;
  text.remove_prefix(file.size() + 1);
  const std::size_t digits = text.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && text.substr(digits).starts_with(": ");
}

// Every line of it does.
inline void require_places(std::string_view what, std::string_view file) {
  while (true) {
    require(names_place(what, file));
    const std::size_t end = what.find('\n');
    if (end == std::string_view::npos) return;
    what.remove_prefix(end + 1);
  }
}

// Stands in a bounce, and nowhere else; escaped it has no "<".
inline constexpr std::string_view kMarkup = "<q7z>";

// One recipient, refused, and markup wherever a stranger may write something.
inline constexpr std::string_view kBounce =
    "Return-Path: <>\n"
    "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\n"
    "Subject: Undelivered Mail Returned to Sender\n"
    "To: alice@example.org\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n"
    "\n"
    "--b\n"
    "\n"
    "<bob@example.com>: host mx.example.com said: 550 5.1.1 <q7z>No such user\n"
    "--b\n"
    "Content-Type: message/delivery-status\n"
    "\n"
    "Reporting-MTA: dns; mx.example.org\n"
    "\n"
    "Final-Recipient: rfc822; bob@example.com\n"
    "Action: failed\n"
    "Status: 5.1.1\n"
    "Remote-MTA: dns; mx.example.com\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <q7z>No such user\n"
    "--b\n"
    "Content-Type: message/rfc822\n"
    "\n"
    "From: Alice <q7z> <alice@example.org>\n"
    "To: bob@example.com\n"
    "Subject: Noon <q7z>\n"
    "\n"
    "See you\n"
    "--b--\n";

inline const Report& bounce_report() {
  static const Report kReport = read_report(kBounce, resources().knowledge.stock_phrases());
  return kReport;
}

// The body after the edit is the one before it, but for the edit.
inline void check_bytes(std::string_view before, std::string_view after, const Edit& edit) {
  const std::string_view tail = before.substr(edit.offset + edit.length);
  require(after.ends_with(tail));
  require(after.substr(0, after.size() - tail.size()).ends_with(edit.replacement));
}

// Header fields that the MTA is told to set: 7-bit, and folded where they have several lines.
inline void check_headers(const Edit& edit) {
  for (const HeaderChange& change : edit.headers) {
    require(is_ascii(change.name) && is_ascii(change.value));
    for (std::size_t at = change.value.find_first_of("\r\n"); at != std::string::npos;
         at = change.value.find_first_of("\r\n", at + 1)) {
      require(change.value[at] == '\n' && change.value.compare(at, 2, "\n ") == 0);
    }
  }
}

// A bounce that is no report only gets something put in, and is known for done by its mark.
inline void check_insertion(std::string_view after, const Edit& edit, const Policy& policy,
                            const House& house) {
  require(edit.length == 0);
  require(edit.headers.size() == 1);
  require(edit.headers.front().kind == HeaderChange::Kind::kAdd);
  require(read_report(after, resources().knowledge.stock_phrases()).has_mark);
  require(!rewrite(after, {}, policy, house, resources()).edit);
}

}  // namespace plainbounce::fuzzing

#endif  // PLAINBOUNCE_TESTS_FUZZ_FUZZING_H_

// Sendmail's "Transcript of session follows" -> what was said about which address.
#ifndef PLAINBOUNCE_LIB_REPORT_PROSE_TRANSCRIPT_H_
#define PLAINBOUNCE_LIB_REPORT_PROSE_TRANSCRIPT_H_

#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace plainbounce {

// One remote session: "... while talking to host:", ">>> command", "<<< reply" and Sendmail's own
// closing words about one address, "550 5.1.1 <anna@example.com>... User unknown".
class Transcript {
 public:
  // `lines` are the whole notification's. Keeps at most `limit` bytes for each of the `wanted`
  // names (lower case).
  Transcript(const std::vector<std::string_view>& lines,
             const std::unordered_set<std::string>& wanted, std::size_t limit,
             const std::stop_token& stop = {});

  // Lines joined by blanks. Empty: nothing was said about that name.
  std::string_view about(const std::string& name) const;

  // Everything, cut at the limit. Empty: there is no transcript.
  std::string_view whole() const { return whole_; }

 private:
  void read_line(std::string_view line);
  void close_statement(std::string_view address, std::string_view line);
  void append(std::string& text, std::string_view line) const;

  const std::unordered_set<std::string>& wanted_;
  std::size_t limit_;
  std::string whole_;
  std::string talking_;   // "... while talking to host:", valid until the next one
  std::string exchange_;  // lines since the last closing words
  std::unordered_map<std::string, std::string> by_address_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_REPORT_PROSE_TRANSCRIPT_H_

#include "milter/frames.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace plainbounce {
namespace {

bool is_graphic(char c) { return c > ' ' && c < 0x7f; }

class FrameWriter {
 public:
  void number(std::uint64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), 8); }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }
  template <typename Texts>
  void texts(const Texts& texts) {
    number(texts.size());
    for (const auto& each : texts) text(each);
  }

  // The frame, of which `following` bytes are written elsewhere.
  std::string frame(std::size_t following = 0) const {
    return frame_head(bytes_.size() + following) + bytes_;
  }

 private:
  std::string bytes_;
};

// Once something is missing or wrong, all that follows is 0 or empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    if (rest_.size() < 8) {
      spoil();
      return 0;
    }
    std::uint64_t value = 0;
    std::memcpy(&value, rest_.data(), 8);
    rest_.remove_prefix(8);
    return value;
  }
  bool flag() { return below(2) == 1; }
  // 0 <= result < `end`
  std::uint64_t below(std::uint64_t end) {
    const std::uint64_t value = number();
    if (value < end) return value;
    spoil();
    return 0;
  }
  std::string_view text() {
    const std::uint64_t length = number();
    if (length > rest_.size()) {
      spoil();
      return {};
    }
    const std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return text;
  }
  // Each element takes some of what is left: a count can't make more of them than there are bytes.
  template <typename Element>
  auto list(Element element) {
    std::vector<decltype(element())> all;
    for (std::uint64_t left = number(); left > 0 && good_; --left) all.push_back(element());
    return all;
  }
  template <typename Enum>
  Enum choice() {
    return static_cast<Enum>(below(kIds<Enum>.size()));
  }
  // The id that a text is.
  template <typename Enum>
  std::string_view id() {
    const auto value = parse_id<Enum>(text());
    if (!value) spoil();
    return value ? id_of(*value) : std::string_view();
  }
  // A word of a log line or a metric, which can't break either.
  std::string word() {
    constexpr std::size_t kMaxWord = 200;
    const std::string_view word = text();
    const bool fits = word.size() <= kMaxWord && std::all_of(word.begin(), word.end(), [](char c) {
                        return is_graphic(c) && c != ',' && c != '"' && c != '\\';
                      });
    if (!fits) spoil();
    return fits ? std::string(word) : std::string();
  }
  std::vector<std::string> words() {
    return list([this] { return word(); });
  }
  // The rest of a log line.
  std::string line() {
    const std::string_view line = text();
    const bool fits =
        std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || is_graphic(c); });
    if (!fits) spoil();
    return fits ? std::string(line) : std::string();
  }
  // The name of a header field (RFC 5322 section 2.2).
  std::string field_name() {
    const std::string_view name = text();
    const bool fits = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return is_graphic(c) && c != ':';
    });
    if (!fits) spoil();
    return fits ? std::string(name) : std::string();
  }
  // The value of a header field: it can't begin another one.
  std::string field_value() {
    const std::string_view value = text();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool folds = i + 1 < value.size() && (value[i + 1] == ' ' || value[i + 1] == '\t');
      if (value[i] == '\0' || value[i] == '\r' || (value[i] == '\n' && !folds)) {
        spoil();
        return {};
      }
    }
    return std::string(value);
  }
  std::vector<std::string> texts() {
    return list([this] { return std::string(text()); });
  }
  template <typename Enum>
  std::vector<std::string_view> ids() {
    return list([this] { return id<Enum>(); });
  }

  // Everything was there, and nothing is left.
  bool finished() const { return good_ && rest_.empty(); }

 private:
  void spoil() {
    good_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool good_ = true;
};

void write_findings(const Findings& findings, FrameWriter& out) {
  out.number(findings.recipients);
  out.number(findings.fates.size());
  for (const Fate& fate : findings.fates) {
    out.text(fate.cause);
    out.text(fate.outcome);
  }
  out.texts(findings.causes);
  out.texts(findings.outcomes);
  out.texts(findings.confidences);
  out.texts(findings.evidence);
  out.texts(findings.hosts);
  out.number(findings.unmatched.size());
  for (const UnmatchedReply& reply : findings.unmatched) {
    out.text(reply.key);
    out.text(reply.line);
  }
  out.text(findings.language);
}

Findings read_findings(Reader& in) {
  Findings findings;
  findings.recipients = in.number();
  findings.fates = in.list([&in] {
    const std::string_view cause = in.id<Cause>();
    return Fate{cause, in.id<Outcome>()};
  });
  findings.causes = in.ids<Cause>();
  findings.outcomes = in.ids<Outcome>();
  findings.confidences = in.ids<Confidence>();
  findings.evidence = in.words();
  findings.hosts = in.words();
  findings.unmatched = in.list([&in] {
    std::string key(in.text());
    return UnmatchedReply{std::move(key), in.line()};
  });
  findings.language = in.word();
  return findings;
}

void write_edit(const Edit& edit, FrameWriter& out) {
  out.number(edit.offset);
  out.number(edit.length);
  out.text(edit.replacement);
  out.number(edit.headers.size());
  for (const HeaderChange& change : edit.headers) {
    out.number(change.kind == HeaderChange::Kind::kReplace ? 1 : 0);
    out.text(change.name);
    out.text(change.value);
  }
}

Edit read_edit(Reader& in) {
  Edit edit;
  edit.offset = in.number();
  edit.length = in.number();
  edit.replacement = in.text();
  edit.headers = in.list([&in] {
    HeaderChange change;
    change.kind = in.flag() ? HeaderChange::Kind::kReplace : HeaderChange::Kind::kAdd;
    change.name = in.field_name();
    change.value = in.field_value();
    return change;
  });
  return edit;
}

}  // namespace

std::string frame_head(std::uint64_t payload_length) {
  return {reinterpret_cast<const char*>(&payload_length), kFrameHead};
}

std::uint64_t payload_length(std::string_view head) { return Reader(head).number(); }

std::string encode_request(std::chrono::microseconds time, const Envelope& envelope,
                           std::string_view message) {
  FrameWriter out;
  out.number(static_cast<std::uint64_t>(time.count()));
  out.text(envelope.sender);
  out.text(envelope.client_address);
  out.text(envelope.mta_name);
  out.texts(envelope.recipients);
  out.number(message.size());
  return out.frame(message.size());
}

std::optional<Request> decode_request(std::string_view payload) {
  // A day is enough for anybody, and far from what a clock can't count.
  constexpr std::uint64_t kMaxTime = std::uint64_t{24} * 3600 * 1000000;
  Reader in(payload);
  Request request;
  request.time = std::chrono::microseconds(in.below(kMaxTime));
  request.envelope.sender = in.text();
  request.envelope.client_address = in.text();
  request.envelope.mta_name = in.text();
  request.envelope.recipients = in.texts();
  request.message = in.text();
  if (!in.finished()) return std::nullopt;
  return request;
}

std::string encode_answer(const WorkResult& result, bool last) {
  FrameWriter out;
  out.number(last ? 1 : 0);
  out.number(result.failure ? 1 + static_cast<std::uint64_t>(*result.failure) : 0);
  out.number(static_cast<std::uint64_t>(result.reason));
  out.text(result.detail);
  out.number(result.edit ? 1 : 0);
  if (result.edit) write_edit(*result.edit, out);
  write_findings(result.findings, out);
  return out.frame();
}

std::optional<Answer> decode_answer(std::string_view payload) {
  Reader in(payload);
  Answer answer;
  answer.last = in.flag();
  const std::uint64_t failure = in.below(1 + kIds<FailOpenReason>.size());
  if (failure > 0) answer.result.failure = static_cast<FailOpenReason>(failure - 1);
  answer.result.reason = in.choice<LeaveReason>();
  answer.result.detail = in.text();
  if (in.flag()) answer.result.edit = read_edit(in);
  answer.result.findings = read_findings(in);
  const bool consistent = answer.result.edit.has_value() ==
                          (!answer.result.failure && answer.result.reason == LeaveReason::kNone);
  if (!in.finished() || !consistent) return std::nullopt;
  return answer;
}

}  // namespace plainbounce

// Anything that an MTA may say, in any order, to two sessions of one daemon: each message that is
// told of to its end is reported once, edited whole or not at all, and none leaves anything behind.
//
// A command begins a line with "@" and a letter; its argument goes on to the next one:
//   C the client's address   M the sender   R a recipient   H "Name: value"   N the header's end
//   B a piece of body, L one a hundred times   E the end of the message   A the MTA aborts
//   S an hour passes   T the other session   X the connection closes   O only observe, from now on
// The first letter of E's argument says how the work ends: "p" an edit, with digits that say where
// and after how many of them the MTA refuses, "r" rewrite(), "x" an exception, "o" no memory, "f" a
// dead worker, else the message is left alone.
#include <array>
#include <new>
#include <stdexcept>

#include "milter/session.h"
#include "tests/fuzz/fuzzing.h"

using namespace plainbounce;
using namespace plainbounce::fuzzing;

namespace {

// Puts together what it is told.
class Mta : public EditSink {
 public:
  explicit Mta(int refuse_at) : left_(refuse_at) {}

  bool replace_body(std::string_view chunk) override {
    require(chunk.size() <= kMaxChunk && headers.empty());
    body += chunk;
    return take();
  }
  bool replace_header(const std::string& name, const std::string& value) override {
    headers.push_back({HeaderChange::Kind::kReplace, name, value});
    return take();
  }
  bool add_header(const std::string& name, const std::string& value) override {
    headers.push_back({HeaderChange::Kind::kAdd, name, value});
    return take();
  }

  std::string body;
  std::vector<HeaderChange> headers;
  bool refused = false;
  bool touched = false;

 private:
  bool take() {
    touched = true;
    refused = left_-- == 0;
    return !refused;
  }

  int left_;
};

std::string with_crlf(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n' && !out.ends_with('\r')) out += '\r';
    out += c;
  }
  return out;
}

// One connection, and the message on it as the MTA knows it.
struct Connection {
  std::unique_ptr<Session> session;
  bool open = false;  // the session wants to hear more of the message
  std::string message;
  std::size_t header_length = 0;
  std::vector<std::string> recipients;
};

class Daemon {
 public:
  Daemon() {
    rewriter_.judge_envelope = [](const Envelope& envelope) {
      return judge_envelope(envelope, Policy::defaults());
    };
    rewriter_.rewrite = [this](std::string_view message, const Envelope& envelope,
                               Clock::time_point) { return work(message, envelope); };
    rewriter_.explains_other_bounces = true;
    rewriter_.max_message_size = 1 << 16;
    rewriter_.max_memory = 3 << 15;
    rewriter_.time_budget = std::chrono::hours(1);
    rewriter_.max_silence = std::chrono::minutes(1);
    rewriter_.max_sessions = 2;
    workplace_.current_rewriter = [this] { return std::make_shared<const Rewriter>(rewriter_); };
    workplace_.crash_guard = &crash_guard_;
    workplace_.report = [this](const MessageRecord& record) {
      ++reports_;
      last_ = record;
    };
    for (Connection& connection : connections_) reconnect(connection);
  }

  void run(std::string_view command) {
    const int before = reports_;
    const int expected = before + obey(command);
    require(reports_ == expected);
    const auto open = std::count_if(connections_.begin(), connections_.end(),
                                    [](const Connection& each) { return each.open; });
    require(workplace_.messages == open);
  }

  void end() {
    for (Connection& connection : connections_) connection.session.reset();
    require(workplace_.messages == 0 && workplace_.held == 0 && workplace_.places == 0);
  }

 private:
  Connection& now() { return connections_[current_]; }

  void reconnect(Connection& connection) {
    connection = {};
    connection.session = std::make_unique<Session>(workplace_);
  }

  // How many records it must make.
  int obey(std::string_view command) {
    const char letter = command.empty() ? ' ' : command.front();
    const std::string_view argument = command.empty() ? command : command.substr(1);
    switch (letter) {
      case 'C':
        now().session->connect(std::string(argument), "mx.example.org");
        return 0;
      case 'M':
        return begin(argument);
      case 'R':
        return recipient(argument);
      case 'H':
        return header(argument);
      case 'N':
        return end_of_header();
      case 'B':
        return body(argument, 1);
      case 'L':
        return body(argument, 100);
      case 'E':
        return end_of_message(argument);
      case 'A':
        now().session->reset();
        now().open = false;
        return 0;
      case 'S':
        workplace_.sessions.drop_silent(Clock::now() + std::chrono::hours(1));
        return 0;
      case 'T':
        current_ = 1 - current_;
        return 0;
      case 'X':
        reconnect(now());
        return 0;
      case 'O':
        rewriter_.observe = true;
        return 0;
      default:
        return 0;
    }
  }

  int begin(std::string_view sender) {
    now().message.clear();
    now().header_length = 0;
    now().recipients.clear();
    now().open = now().session->mail(sender, "Q") == Session::Next::kContinue;
    return now().open ? 0 : 1;
  }

  int recipient(std::string_view address) {
    now().session->recipient(address);
    now().recipients.emplace_back(address);
    return 0;
  }

  int header(std::string_view field) {
    const std::size_t colon = std::min(field.find(": "), field.size());
    const std::string_view name = field.substr(0, colon);
    const std::string_view value = field.substr(std::min(colon + 2, field.size()));
    now().session->header(name, value);
    now().message.append(name).append(": ").append(with_crlf(value)).append("\r\n");
    return 0;
  }

  int end_of_header() {
    const bool was_open = now().open;
    now().message += "\r\n";
    now().header_length = now().message.size();
    now().open = now().session->end_of_header("Q") == Session::Next::kContinue && was_open;
    return was_open && !now().open ? 1 : 0;
  }

  int body(std::string_view piece, int times) {
    for (int i = 0; i < times; ++i) {
      now().session->body(piece);
      if (now().open) now().message += piece;
    }
    return 0;
  }

  int end_of_message(std::string_view how) {
    const bool was_open = now().open;
    how_ = how;
    planned_.reset();
    worked_ = false;
    last_ = {};
    Mta mta(digit(2) == 0 ? -1 : digit(2));
    now().session->end_of_message("Q", mta);
    now().open = false;
    check_end(mta);
    require(was_open || !worked_);
    return was_open ? 1 : 0;
  }

  int digit(std::size_t place) const {
    return place < how_.size() && is_digit(how_[place]) ? how_[place] - '0' : 0;
  }

  void check_end(const Mta& mta) const {
    const bool refused = last_.reason == id_of(FailOpenReason::kMtaRefusedEdit);
    require(mta.touched == (last_.result == Result::kRewritten || refused));
    require(mta.refused == refused);
    if (last_.result != Result::kRewritten) return;
    require(planned_.has_value() && !rewriter_.observe);
    std::string after = connections_[current_].message;
    after.replace(planned_->offset, planned_->length, planned_->replacement);
    require(mta.body == after.substr(connections_[current_].header_length));
    require(mta.headers == planned_->headers);
  }

  // What comes to a worker is what the MTA has told, whole.
  WorkResult work(std::string_view message, const Envelope& envelope) {
    worked_ = true;
    require(now().open && message == now().message);
    require(envelope.sender.empty() && envelope.recipients.size() == now().recipients.size());
    switch (how_.empty() ? ' ' : how_.front()) {
      case 'p':
        return plan(message);
      case 'r':
        return real(message, envelope);
      case 'x':
        throw std::runtime_error(std::string(how_));
      case 'o':
        throw std::bad_alloc();
      case 'f':
        return WorkResult::failed(FailOpenReason::kWorkerDied, std::string(how_));
      default:
        break;
    }
    WorkResult left;
    left.reason = LeaveReason::kNoFirstPart;
    return left;
  }

  // An edit in the body, at its edges or beyond them.
  WorkResult plan(std::string_view message) {
    const auto at = static_cast<std::size_t>(digit(1));
    const std::size_t body = message.size() - now().header_length;
    Edit edit{now().header_length + body * at / 8, body / 8 + at % 2, std::string(how_), {}};
    edit.headers.push_back({HeaderChange::Kind::kReplace, "Subject", "New"});
    edit.headers.push_back({HeaderChange::Kind::kAdd, kMarkName, "1"});
    planned_ = edit;
    WorkResult result;
    result.edit = std::move(edit);
    return result;
  }

  WorkResult real(std::string_view message, const Envelope& envelope) {
    Policy policy = Policy::defaults();
    policy.other_bounces = OtherBounces::kExplain;
    WorkResult result = rewrite(message, envelope, policy, {}, resources());
    planned_ = result.edit;
    return result;
  }

  Rewriter rewriter_;
  CrashGuard crash_guard_;
  Workplace workplace_;
  std::array<Connection, 2> connections_;
  std::size_t current_ = 0;
  int reports_ = 0;
  MessageRecord last_;
  std::string_view how_;  // E's argument
  std::optional<Edit> planned_;
  bool worked_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const CostBound bound(size * 100);
  Daemon daemon;
  for (const std::string_view command : pieces_of(text_of(data, size), '@')) daemon.run(command);
  daemon.end();
  return 0;
}

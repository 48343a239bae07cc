#include "milter/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

// "<a@b>" -> "a@b": Postfix gives its own mail's addresses bare, an SMTP client's in brackets.
std::string bare_address(std::string_view argument) {
  argument = trim(argument);
  if (argument.size() >= 2 && argument.front() == '<' && argument.back() == '>') {
    argument = argument.substr(1, argument.size() - 2);
  }
  return std::string(argument);
}

// Does a Content-Type field's value leave it possible that the message is a multipart/report?
bool names_a_report(std::string_view value) {
  const std::string lower = ascii_lower(value);
  return lower.find("multipart") != std::string::npos && lower.find("report") != std::string::npos;
}

constexpr std::size_t kRecipientOverhead = sizeof(std::string);  // bytes beside the address

// The next chunk's length: never between CR and LF.
std::size_t chunk_length(std::string_view rest) {
  if (rest.size() <= EditSink::kMaxChunk) return rest.size();
  return EditSink::kMaxChunk - (rest[EditSink::kMaxChunk - 1] == '\r' ? 1 : 0);
}

bool send_bytes(std::string_view bytes, EditSink& sink) {
  while (!bytes.empty()) {
    const std::size_t length = chunk_length(bytes);
    if (!sink.replace_body(bytes.substr(0, length))) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

bool send_body(std::string_view message, std::size_t header_length, const Edit& edit,
               EditSink& sink) {
  return send_bytes(message.substr(header_length, edit.offset - header_length), sink) &&
         send_bytes(edit.replacement, sink) &&
         send_bytes(message.substr(edit.offset + edit.length), sink);
}

bool send_headers(const std::vector<HeaderChange>& changes, EditSink& sink) {
  return std::all_of(changes.begin(), changes.end(), [&sink](const HeaderChange& change) {
    return change.kind == HeaderChange::Kind::kReplace
               ? sink.replace_header(change.name, change.value)
               : sink.add_header(change.name, change.value);
  });
}

}  // namespace

void Sessions::add(Session& session) {
  const std::lock_guard lock(mutex_);
  sessions_.insert(&session);
}

void Sessions::remove(Session& session) noexcept {
  const std::lock_guard lock(mutex_);
  sessions_.erase(&session);
}

void Sessions::drop_silent(Clock::time_point now) noexcept {
  const std::lock_guard lock(mutex_);
  for (Session* const session : sessions_) session->drop_if_silent(now);
}

Session::Session(Workplace& workplace) : workplace_(workplace) { workplace_.sessions.add(*this); }

Session::~Session() {
  workplace_.sessions.remove(*this);  // first: from now on nobody else calls
  forget();
  if (has_place_) --workplace_.places;
}

template <typename Step>
void Session::guarded(Step step) noexcept {
  heard_ = Clock::now();
  if (state_ != State::kCollecting) return;
  try {
    step();
  } catch (const std::bad_alloc&) {
    fail_open(FailOpenReason::kOutOfMemory);
  } catch (const std::exception& error) {
    fail_open(FailOpenReason::kException, error.what());
  } catch (...) {
    fail_open(FailOpenReason::kException);
  }
}

Session::Next Session::mail(std::string_view sender, std::string_view queue_id) noexcept {
  const std::lock_guard lock(mutex_);
  forget();
  state_ = State::kCollecting;
  ++workplace_.messages;
  guarded([&] { begin(sender); });
  return next(queue_id);
}

void Session::begin(std::string_view sender) {
  envelope_.sender = bare_address(sender);
  envelope_.client_address = client_address_;
  envelope_.mta_name = mta_name_;
  record_.sender_is_null = envelope_.sender.empty();
  rewriter_ = workplace_.current_rewriter();
  judge_envelope();
  if (state_ == State::kCollecting && !take_place()) fail_open(FailOpenReason::kManySessions);
}

bool Session::take_place() {
  if (has_place_) return true;
  has_place_ = ++workplace_.places <= rewriter_->max_sessions;
  if (!has_place_) --workplace_.places;
  return has_place_;
}

void Session::recipient(std::string_view recipient) noexcept {
  const std::lock_guard lock(mutex_);
  guarded([&] {
    if (!hold(recipient.size() + kRecipientOverhead)) return;
    envelope_.recipients.push_back(bare_address(recipient));
  });
}

void Session::header(std::string_view name, std::string_view value) noexcept {
  const std::lock_guard lock(mutex_);
  guarded([&] {
    if (equals_ignoring_case(trim(name), "content-type")) may_be_report_ |= names_a_report(value);
    // Milters are given folded header lines that are joined by LF alone.
    append(name) && append(": ") && append(with_crlf(value)) && append("\r\n");
  });
}

Session::Next Session::end_of_header(std::string_view queue_id) noexcept {
  const std::lock_guard lock(mutex_);
  guarded([&] {
    judge_envelope();
    if (state_ != State::kCollecting) return;
    if (!may_be_report_ && !rewriter_->explains_other_bounces) {
      decide(Result::kLeftAlone, id_of(LeaveReason::kNotAReport), id_of(Doubt::kReportType));
    } else if (append("\r\n")) {
      header_length_ = message_.size();
    }
  });
  return next(queue_id);
}

void Session::body(std::string_view chunk) noexcept {
  const std::lock_guard lock(mutex_);
  guarded([&] { append(chunk); });
}

void Session::end_of_message(std::string_view queue_id, EditSink& sink) noexcept {
  const std::lock_guard lock(mutex_);
  const auto start = Clock::now();
  guarded([&] { work(sink); });
  record_.time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  finish(queue_id);
}

void Session::reset() noexcept {
  const std::lock_guard lock(mutex_);
  forget();
}

void Session::drop_if_silent(Clock::time_point now) noexcept {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock || state_ != State::kCollecting || message_.empty()) return;
  if (now - heard_ > rewriter_->max_silence) fail_open(FailOpenReason::kMtaSilent);
}

void Session::forget() noexcept {
  if (state_ != State::kNone) --workplace_.messages;
  state_ = State::kNone;
  rewriter_.reset();
  release();
  envelope_ = {};
  header_length_ = 0;
  may_be_report_ = false;
  record_ = {};
}

void Session::judge_envelope() {
  const Decision decision = rewriter_->judge_envelope(envelope_);
  if (decision.reason == LeaveReason::kNone) return;
  decide(Result::kLeftAlone, id_of(decision.reason), decision.detail);
}

void Session::decide(Result result, std::string_view reason, std::string_view detail) {
  state_ = State::kDecided;
  release();
  record_.result = result;
  record_.reason = reason;
  record_.detail = detail;
}

void Session::fail_open(FailOpenReason reason, std::string_view detail) noexcept {
  state_ = State::kDecided;
  try {
    decide(Result::kFailedOpen, id_of(reason), detail);
  } catch (...) {  // out of memory: the record says less
  }
}

// False: the message would become too large, or all of them, and that is decided.
bool Session::hold(std::size_t bytes) {
  held_ += bytes;
  const std::size_t all = workplace_.held.fetch_add(bytes) + bytes;
  const std::size_t recipients = held_ - record_.bytes;
  if (std::max(record_.bytes, recipients) > rewriter_->max_message_size) {
    decide(Result::kLeftAlone, "too-large");
  } else if (all > rewriter_->max_memory) {
    fail_open(FailOpenReason::kOutOfMemory, "max-memory");
  }
  return state_ == State::kCollecting;
}

// Gives up the memory at once, not only when the next message comes: a connection may idle.
void Session::release() noexcept {
  message_.clear();
  std::vector<std::string>().swap(envelope_.recipients);
  workplace_.held -= held_;
  held_ = 0;
}

bool Session::append(std::string_view bytes) {
  record_.bytes += bytes.size();
  if (!hold(bytes.size())) return false;
  message_.append(bytes);
  return true;
}

Session::Next Session::next(std::string_view queue_id) noexcept {
  if (state_ == State::kCollecting) return Next::kContinue;
  finish(queue_id);
  return Next::kAccept;
}

void Session::finish(std::string_view queue_id) noexcept {
  if (state_ == State::kNone) return;
  try {
    record_.queue_id = queue_id;
    workplace_.report(record_);
  } catch (...) {  // the message goes its way even where nothing can be said of it
  }
  forget();
}

void Session::work(EditSink& sink) {
  if (header_length_ == 0) {
    fail_open(FailOpenReason::kNoEndOfHeader);
    return;
  }
  std::optional<WorkResult> result = compute();
  if (!result) return;
  static_cast<Findings&>(record_) = std::move(result->findings);
  if (result->edit && rewriter_->observe) {
    decide(Result::kObserved, {});
  } else if (result->edit) {
    send(*result->edit, sink);
  } else {
    decide(Result::kLeftAlone, id_of(result->reason), result->detail);
  }
}

// The risky part: whatever the message holds is read by a worker. Nothing: it was decided instead.
std::optional<WorkResult> Session::compute() {
  const auto deadline = Clock::now() + rewriter_->time_budget;
  const std::string_view message = message_.view();
  const std::uint64_t id = fingerprint(envelope_.recipients, message.substr(header_length_));
  const InWork::Turn turn = workplace_.in_work.take_turn(id, deadline);
  if (!turn) {
    fail_open(FailOpenReason::kNoWorker, "in-work");
    return std::nullopt;
  }
  if (workplace_.crash_guard->is_suspect(id)) {
    fail_open(FailOpenReason::kFailedBefore);
    return std::nullopt;
  }
  WorkResult result;
  {
    const CrashGuard::Mark mark = workplace_.crash_guard->mark(id);
    result = rewriter_->rewrite(message, envelope_, deadline);
  }
  if (!result.failure && (result.reason == LeaveReason::kStopped || Clock::now() > deadline)) {
    if (result.reason != LeaveReason::kStopped) result.detail = "done";
    result.failure = FailOpenReason::kTimeBudget;
  }
  if (!result.failure) return result;
  note_failure(id, std::move(result));
  return std::nullopt;
}

// After what may come again with the same message: the MTA may have stopped waiting, and would
// offer it again. Then it passes at once.
void Session::note_failure(std::uint64_t id, WorkResult result) {
  const FailOpenReason reason = *result.failure;
  if (reason == FailOpenReason::kTimeBudget || reason == FailOpenReason::kWorkerDied) {
    workplace_.crash_guard->suspect(id);
  }
  static_cast<Findings&>(record_) = std::move(result.findings);
  fail_open(reason, result.detail);
}

// The whole body, and at once the header fields: the first header edit after a body makes Postfix
// finalise it, and a milter that dies before can cost the bounce (where default_action=accept).
void Session::send(const Edit& edit, EditSink& sink) {
  const std::string_view message = message_.view();
  if (edit.offset < header_length_ || edit.offset > message.size() ||
      edit.length > message.size() - edit.offset) {
    fail_open(FailOpenReason::kEditOutOfRange,
              fmt::format("{} bytes at {} of {} to {}", edit.length, edit.offset, header_length_,
                          message.size()));
  } else if (!send_body(message, header_length_, edit, sink)) {
    fail_open(FailOpenReason::kMtaRefusedEdit, "body");
  } else if (!send_headers(edit.headers, sink)) {
    fail_open(FailOpenReason::kMtaRefusedEdit, "header");
  } else {
    record_.result = Result::kRewritten;
  }
}

}  // namespace plainbounce

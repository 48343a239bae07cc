// One connection's messages, one after another, as the milter protocol tells of them -> for each,
// the edit, or none. Knows nothing of libmilter.
#ifndef PLAINBOUNCE_MILTER_SESSION_H_
#define PLAINBOUNCE_MILTER_SESSION_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "lib/rewrite.h"
#include "milter/crash_guard.h"
#include "milter/in_work.h"
#include "milter/message_bytes.h"
#include "milter/message_record.h"
#include "milter/rewriter.h"

namespace plainbounce {

// Where an edit goes: the MTA. Each call says whether it went well.
class EditSink {
 public:
  virtual ~EditSink() = default;

  // The body is all the chunks, one after another. At most kMaxChunk bytes each.
  virtual bool replace_body(std::string_view chunk) = 0;
  // The first field of that name; added where there is none.
  virtual bool replace_header(const std::string& name, const std::string& value) = 0;
  virtual bool add_header(const std::string& name, const std::string& value) = 0;

  static constexpr std::size_t kMaxChunk = 65535;
};

class Session;

// All that there are. Thread-safe.
class Sessions {
 public:
  void add(Session& session);
  void remove(Session& session) noexcept;

  // Each drops its message where the MTA has said nothing for too long (Session::drop_if_silent).
  void drop_silent(Clock::time_point now) noexcept;

 private:
  std::mutex mutex_;
  std::unordered_set<Session*> sessions_;
};

// What all sessions of the daemon share. Outlives them.
struct Workplace {
  std::function<std::shared_ptr<const Rewriter>()> current_rewriter;
  CrashGuard* crash_guard = nullptr;
  std::function<void(const MessageRecord&)> report;  // called once for each message; thread-safe
  InWork in_work;
  Sessions sessions;
  std::atomic<int> places{0};        // of Rewriter::max_sessions that are taken
  std::atomic<std::size_t> held{0};  // bytes of all messages being received
  std::atomic<int> messages{0};      // being received or worked on; those that may be rewritten
};

// The calls come one after another, but for drop_if_silent(), which any thread may call. None
// throws: whatever goes wrong, the message passes unchanged and the record says why.
class Session {
 public:
  enum class Next {
    kContinue,
    kAccept,  // no more of this message is wanted
  };

  explicit Session(Workplace& workplace);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // An IP address as text; empty: the mail was made on this machine. Holds for every message.
  // `mta_name`: of the MTA that speaks to us; empty: it doesn't say.
  void connect(std::string client_address, std::string_view mta_name = {}) {
    client_address_ = std::move(client_address);
    mta_name_ = mta_name;
  }

  // `queue_id`: as far as the MTA has told it, else empty. Whatever was left of the message before
  // is dropped: an MTA needn't say that it was aborted.
  Next mail(std::string_view sender, std::string_view queue_id) noexcept;
  void recipient(std::string_view recipient) noexcept;
  // `value` is what follows the colon and a blank; its folded lines are joined by LF or CRLF.
  void header(std::string_view name, std::string_view value) noexcept;
  Next end_of_header(std::string_view queue_id) noexcept;
  void body(std::string_view chunk) noexcept;
  // Computes the whole edit before the first call to `sink`.
  void end_of_message(std::string_view queue_id, EditSink& sink) noexcept;

  // Forgets the message.
  void reset() noexcept;

  // Where some of a message has come, and nothing more for Rewriter::max_silence: gives up its
  // memory. The message passes unchanged if the MTA goes on after all.
  void drop_if_silent(Clock::time_point now) noexcept;

 private:
  // Where the current message stands.
  enum class State {
    kNone,        // no message, or nothing more to do for it
    kCollecting,  // it may be rewritten
    kDecided,     // it won't; the record waits for the queue ID
  };

  // Does one step for a message that may be rewritten; an exception decides that it won't be.
  template <typename Step>
  void guarded(Step step) noexcept;

  void begin(std::string_view sender);
  bool take_place();
  void forget() noexcept;
  void judge_envelope();
  void decide(Result result, std::string_view reason, std::string_view detail = {});
  void fail_open(FailOpenReason reason, std::string_view detail = {}) noexcept;
  bool hold(std::size_t bytes);
  void release() noexcept;
  bool append(std::string_view bytes);
  Next next(std::string_view queue_id) noexcept;
  void finish(std::string_view queue_id) noexcept;
  void work(EditSink& sink);
  std::optional<WorkResult> compute();
  void note_failure(std::uint64_t id, WorkResult result);
  void send(const Edit& edit, EditSink& sink);

  Workplace& workplace_;
  std::mutex mutex_;         // of all below; held while a call lasts
  bool has_place_ = false;   // among Rewriter::max_sessions, for good
  Clock::time_point heard_;  // when the MTA said something last
  std::string mta_name_;
  std::string client_address_ = "unknown";  // an MTA that doesn't say who sent it isn't trusted

  State state_ = State::kNone;
  std::shared_ptr<const Rewriter> rewriter_;
  Envelope envelope_;
  std::size_t held_ = 0;           // bytes that this message takes
  MessageBytes message_;           // header lines and body, CRLF
  std::size_t header_length_ = 0;  // with the empty line; 0: the header isn't complete
  bool may_be_report_ = false;     // as far as the header tells
  MessageRecord record_;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_SESSION_H_

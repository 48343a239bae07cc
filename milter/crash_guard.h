// A crash -> the messages that were being worked on, so that the same ones don't crash the next
// process.
//
// A small file of fixed size, mapped into memory: marking a message costs no system call and
// survives SIGSEGV and SIGKILL. An MTA that gets no answer makes the bounce again later, with a new
// queue ID, date and boundary; fingerprint() leaves such things out.
#ifndef PLAINBOUNCE_MILTER_CRASH_GUARD_H_
#define PLAINBOUNCE_MILTER_CRASH_GUARD_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plainbounce {

// What stays the same when an MTA makes a bounce anew: the envelope recipients, in any order and
// case, and the body without ASCII digits. Postfix, Sendmail and Exim make the boundary of the
// original's queue ID and the time in digits. Never 0.
std::uint64_t fingerprint(const std::vector<std::string>& recipients, std::string_view body);

class CrashGuard {
 public:
  static constexpr std::size_t kSlots = 256;    // messages worked on at a time; more go unmarked
  static constexpr std::size_t kSuspects = 64;  // remembered; the oldest is forgotten first

  // Unmarks its message when it goes.
  class Mark {
   public:
    Mark() = default;
    explicit Mark(std::uint64_t* slot) : slot_(slot) {}
    Mark(Mark&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
    Mark& operator=(Mark&& other) noexcept;
    ~Mark();

   private:
    std::uint64_t* slot_ = nullptr;  // null: nothing marked
  };

  CrashGuard();  // without a file: what is suspect is forgotten when the process ends

  // Opens the file, or makes it; what the process before left marked becomes suspect. Throws
  // std::system_error: it can't be used, or another process uses it.
  explicit CrashGuard(const std::filesystem::path& file);
  CrashGuard(const CrashGuard&) = delete;
  CrashGuard& operator=(const CrashGuard&) = delete;
  ~CrashGuard();

  // Thread-safe, all of them.
  [[nodiscard]] Mark mark(std::uint64_t message);
  void suspect(std::uint64_t message);  // it took too long, or worse
  bool is_suspect(std::uint64_t message) const;
  std::size_t suspects() const;

  // What is marked now becomes suspect, and is marked no longer: the process is about to end
  // without waiting for it. How many there were.
  std::size_t suspect_marked();

  // How many messages the process before left marked, which it does only when it dies.
  std::size_t leftovers() const { return leftovers_; }

 private:
  struct Layout;

  void adopt_leftovers();

  Layout* layout_ = nullptr;  // mapped, never null
  int descriptor_ = -1;       // holds the lock on the file; -1: without one
  std::size_t leftovers_ = 0;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_CRASH_GUARD_H_

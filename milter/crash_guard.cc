#include "milter/crash_guard.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <iterator>
#include <new>
#include <system_error>

#include "lib/base/ascii.h"
#include "lib/base/fnv.h"

namespace plainbounce {

// The file, byte for byte. Only one process at a time has it open (flock), so that the suspects
// don't change while it runs; the slots are shared by its threads.
struct CrashGuard::Layout {
  std::uint64_t magic;  // kMagic: this layout, in this machine's byte order
  std::uint64_t next_suspect;
  std::uint64_t suspects[kSuspects];
  std::uint64_t slots[kSlots];  // 0: free
};

namespace {

constexpr std::uint64_t kMagic = 0x31746E7562707870;

[[noreturn]] void fail(const std::filesystem::path& file, int error, const char* what) {
  throw std::system_error(error, std::generic_category(), file.string() + ": " + what);
}

using Slot = std::atomic_ref<std::uint64_t>;

}  // namespace

std::uint64_t fingerprint(const std::vector<std::string>& recipients, std::string_view body) {
  std::vector<std::string> sorted;
  sorted.reserve(recipients.size());
  for (const std::string& recipient : recipients) sorted.push_back(ascii_lower(recipient));
  std::sort(sorted.begin(), sorted.end());
  Fnv1a hash;
  for (const std::string& recipient : sorted) {
    hash.add(recipient);
    hash.add('\n');
  }
  for (const char c : body) {
    if (!is_digit(c)) hash.add(c);
  }
  return hash.value() == 0 ? 1 : hash.value();
}

CrashGuard::Mark& CrashGuard::Mark::operator=(Mark&& other) noexcept {
  std::swap(slot_, other.slot_);
  return *this;
}

CrashGuard::Mark::~Mark() {
  if (slot_ != nullptr) Slot(*slot_).store(0);
}

CrashGuard::CrashGuard() {
  void* const mapped =
      mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  layout_ = static_cast<Layout*>(mapped);
}

CrashGuard::CrashGuard(const std::filesystem::path& file) {
  descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (descriptor_ < 0) fail(file, errno, "can't be opened");
  const auto give_up = [this, &file](int error, const char* what) {
    close(descriptor_);
    fail(file, error, what);
  };
  struct stat status {};
  if (fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    give_up(EINVAL, "isn't a regular file");
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) give_up(errno, "is used by another process");
  // Emptied if of another size; allocated in full, so that a full disk shows here and not as a
  // SIGBUS later.
  if (status.st_size != sizeof(Layout) && ftruncate(descriptor_, 0) != 0) {
    give_up(errno, "can't be emptied");
  }
  if (const int error = posix_fallocate(descriptor_, 0, sizeof(Layout)); error != 0) {
    give_up(error, "can't be enlarged");
  }
  void* const mapped =
      mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (mapped == MAP_FAILED) give_up(errno, "can't be mapped");
  layout_ = static_cast<Layout*>(mapped);
  if (layout_->magic != kMagic) *layout_ = Layout{.magic = kMagic};
  adopt_leftovers();
}

CrashGuard::~CrashGuard() {
  munmap(layout_, sizeof(Layout));
  if (descriptor_ >= 0) close(descriptor_);
}

// First remembered, then unmarked: a process that dies in between loses nothing.
void CrashGuard::adopt_leftovers() { leftovers_ = suspect_marked(); }

std::size_t CrashGuard::suspect_marked() {
  std::size_t count = 0;
  for (std::uint64_t& slot : layout_->slots) {
    const std::uint64_t message = Slot(slot).load();
    if (message == 0) continue;
    suspect(message);
    Slot(slot).store(0);
    ++count;
  }
  return count;
}

void CrashGuard::suspect(std::uint64_t message) {
  if (is_suspect(message)) return;
  const std::uint64_t next = Slot(layout_->next_suspect).fetch_add(1);
  Slot(layout_->suspects[next % kSuspects]).store(message);
}

CrashGuard::Mark CrashGuard::mark(std::uint64_t message) {
  for (std::uint64_t& slot : layout_->slots) {
    std::uint64_t expected = 0;
    if (Slot(slot).compare_exchange_strong(expected, message)) return Mark(&slot);
  }
  return {};
}

bool CrashGuard::is_suspect(std::uint64_t message) const {
  return std::ranges::any_of(
      layout_->suspects, [&](std::uint64_t& suspect) { return Slot(suspect).load() == message; });
}

std::size_t CrashGuard::suspects() const {
  return kSuspects -
         static_cast<std::size_t>(std::ranges::count(layout_->suspects, std::uint64_t{0}));
}

}  // namespace plainbounce

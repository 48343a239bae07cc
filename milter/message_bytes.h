// A message as it comes, piece by piece -> its bytes, one after another.
//
// A std::string doubles, and holds both the old bytes and the room for the new ones meanwhile:
// three times what is counted. Here a large message grows where it lies.
#ifndef PLAINBOUNCE_MILTER_MESSAGE_BYTES_H_
#define PLAINBOUNCE_MILTER_MESSAGE_BYTES_H_

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace plainbounce {

// Takes an eighth more memory than it holds, at most.
class MessageBytes {
 public:
  MessageBytes() = default;
  MessageBytes(const MessageBytes&) = delete;
  MessageBytes& operator=(const MessageBytes&) = delete;
  ~MessageBytes() { clear(); }

  // Throws std::bad_alloc, and holds what it held before.
  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    const std::size_t size = size_ + bytes.size();
    if (size > room_) grow(std::max(size + size / 8, kLeast));
    std::memcpy(bytes_ + size_, bytes.data(), bytes.size());
    size_ = size;
  }

  // Gives the memory back.
  void clear() noexcept {
    std::free(std::exchange(bytes_, nullptr));
    size_ = room_ = 0;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {bytes_, size_}; }

 private:
  static constexpr std::size_t kLeast = 4096;

  // What is above keep_no_freed_memory()'s bound has pages of its own, which the kernel moves.
  void grow(std::size_t room) {
    void* const bytes = std::realloc(bytes_, room);
    if (bytes == nullptr) throw std::bad_alloc();
    bytes_ = static_cast<char*>(bytes);
    room_ = room;
  }

  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

// For a program that holds messages, before it has threads: what is freed of 1 MiB or more goes
// back to the system at once. The C library would soon keep such pieces, for each thread its own.
void keep_no_freed_memory();

}  // namespace plainbounce

#endif  // PLAINBOUNCE_MILTER_MESSAGE_BYTES_H_

// Bytes -> 64 bits that spread well (FNV-1a). No secret and no checksum: whoever wants two texts
// with the same value can make them.
#ifndef PLAINBOUNCE_LIB_BASE_FNV_H_
#define PLAINBOUNCE_LIB_BASE_FNV_H_

#include <cstdint>
#include <string_view>

namespace plainbounce {

// Byte by byte, so that a caller can leave some out.
class Fnv1a {
 public:
  constexpr void add(char byte) {
    value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  }
  constexpr void add(std::string_view bytes) {
    for (const char byte : bytes) add(byte);
  }
  constexpr std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325;
};

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_FNV_H_

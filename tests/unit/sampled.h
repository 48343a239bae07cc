// Tests that go through all that is known: all of it, or less with sanitizers.
#ifndef PLAINBOUNCE_TESTS_UNIT_SAMPLED_H_
#define PLAINBOUNCE_TESTS_UNIT_SAMPLED_H_

#include <cstddef>
#include <functional>
#include <vector>

namespace plainbounce {

// Sanitizers look for faults of memory, not of knowledge, and take ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t kSampledEach = 10;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr std::size_t kSampledEach = 10;
#else
inline constexpr std::size_t kSampledEach = 1;
#endif
#else
inline constexpr std::size_t kSampledEach = 1;
#endif

// Each one of `all`, which must outlive the result; with sanitizers each tenth.
template <typename T>
std::vector<std::reference_wrapper<const T>> sampled(const std::vector<T>& all) {
  std::vector<std::reference_wrapper<const T>> some;
  for (std::size_t i = 0; i < all.size(); i += kSampledEach) some.emplace_back(all[i]);
  return some;
}

}  // namespace plainbounce

#endif  // PLAINBOUNCE_TESTS_UNIT_SAMPLED_H_

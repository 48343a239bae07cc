// The ids of an enum's enumerators: what stands for each in data files, conf files, logs and JSON.
//
// They are given once, beside the enum, in its order; the enumerators count up from 0:
//
//   enum class Confidence { kCertain, kLikely, kUnsure };
//   template <>
//   inline constexpr auto kIds<Confidence> =
//       ids_to<Confidence::kUnsure>("certain", "likely", "unsure");
//
// An enum without ids doesn't compile where one is asked for, and neither does a number of ids that
// doesn't fit the last enumerator. An enumerator that nobody may write has the id "".
#ifndef PLAINBOUNCE_LIB_BASE_ENUM_IDS_H_
#define PLAINBOUNCE_LIB_BASE_ENUM_IDS_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace plainbounce {

template <typename Enum>
struct NoIdsOf;

template <typename Enum>
inline constexpr NoIdsOf<Enum> kIds;

// The ids of all enumerators up to the last one.
template <auto kLast, typename... Ids>
constexpr std::array<std::string_view, sizeof...(Ids)> ids_to(const Ids&... ids) {
  static_assert(sizeof...(Ids) == static_cast<std::size_t>(kLast) + 1,
                "each enumerator needs an id");
  return {std::string_view(ids)...};
}

// "certain". What is no enumerator has none: "".
template <typename Enum>
constexpr std::string_view id_of(Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < kIds<Enum>.size() ? kIds<Enum>[index] : std::string_view();
}

// "certain" -> Confidence::kCertain. Upper and lower case differ.
template <typename Enum>
constexpr std::optional<Enum> parse_id(std::string_view id) {
  if (id.empty()) return std::nullopt;
  for (std::size_t i = 0; i < kIds<Enum>.size(); ++i) {
    if (kIds<Enum>[i] == id) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_BASE_ENUM_IDS_H_

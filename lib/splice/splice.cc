#include "lib/splice/splice.h"

namespace plainbounce {
std::optional<Edit> plan_edit(std::string_view, const Report&, const Notice&, SubjectMode,
                              std::string_view) {
  return std::nullopt;
}
std::string apply_edit(std::string_view message, const Edit&) { return std::string(message); }
}  // namespace plainbounce

// Message bytes + Notice -> the one edit that puts the notice in.
#ifndef PLAINBOUNCE_LIB_SPLICE_SPLICE_H_
#define PLAINBOUNCE_LIB_SPLICE_SPLICE_H_

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "lib/notice/notice.h"
#include "lib/report/report.h"

namespace plainbounce {

// A top-level header field to set (replacing the first of that name) or to add at the end.
struct HeaderChange {
  enum class Kind { kReplace, kAdd };
  Kind kind = Kind::kAdd;
  std::string name;
  std::string value;  // encoded (RFC 2047), folded with "\n " where long; 7-bit

  bool operator==(const HeaderChange&) const = default;
};

// Everything that changes: bytes [offset, offset + length) of the message become `replacement`, and
// the header changes are made. Nothing else.
struct Edit {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string replacement;  // 7-bit, or 8-bit in a part that says so; the message's own line ends
  std::vector<HeaderChange> headers;
};

// What came of planning.
struct Plan {
  std::optional<Edit> edit;    // nothing: none is safe
  Doubt doubt = Doubt::kNone;  // why

  static Plan none(Doubt doubt) { return {std::nullopt, doubt}; }
};

enum class SubjectMode { kRewrite, kKeep };
template <>
inline constexpr auto kIds<SubjectMode> = ids_to<SubjectMode::kKeep>("rewrite", "keep");

// None: the first part's place in `message` isn't certain (Report::notification). Throws Stopped
// (lib/base/stop.h).
Plan plan_edit(std::string_view message, const Report& report, const Notice& notice,
               SubjectMode subject_mode, std::string_view version,
               const std::stop_token& stop = {});

// The message as it will be. `message` is the one that the edit was planned for.
std::string apply_edit(std::string_view message, const Edit& edit);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_SPLICE_SPLICE_H_

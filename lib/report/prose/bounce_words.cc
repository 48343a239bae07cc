#include "lib/report/prose/bounce_words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "lib/base/ascii.h"
#include "lib/base/embedded.h"
#include "lib/base/text.h"
#include "lib/mail/header.h"

namespace plainbounce {
namespace {

constexpr std::array<std::pair<std::string_view, WordsPurpose>, 11> kPurposes = {{
    {"failure", WordsPurpose::kFailure},
    {"system", WordsPurpose::kSystem},
    {"daemon", WordsPurpose::kDaemon},
    {"manager", WordsPurpose::kManager},
    {"refusal", WordsPurpose::kRefusal},
    {"answer", WordsPurpose::kAnswer},
    {"returned", WordsPurpose::kReturned},
    {"delay", WordsPurpose::kDelay},
    {"success", WordsPurpose::kSuccess},
    {"contact", WordsPurpose::kContact},
    {"stock", WordsPurpose::kStock},
}};

std::optional<BounceWords> read_row(std::string_view line) {
  const std::size_t first = line.find('\t');
  const std::size_t second = line.find('\t', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto purpose = std::find_if(kPurposes.begin(), kPurposes.end(), [&](const auto& entry) {
    return entry.first == line.substr(0, first);
  });
  if (purpose == kPurposes.end()) return std::nullopt;
  return BounceWords{purpose->second, line.substr(first + 1, second - first - 1),
                     line.substr(second + 1)};
}

// The heading and comments are no rows; a test compares the number of rows with the file's lines.
std::vector<BounceWords> read_table() {
  std::vector<BounceWords> rows;
  for (const EmbeddedFile& file : report_files()) {
    if (file.name != "report/prose/bounce-words.tsv") continue;
    for (std::string_view rest = file.content; !rest.empty();) {
      if (const auto row = read_row(take_line(rest))) rows.push_back(*row);
    }
  }
  return rows;
}

}  // namespace

const std::vector<BounceWords>& bounce_words() {
  static const std::vector<BounceWords> kRows = read_table();
  return kRows;
}

bool says(std::string_view text, WordsPurpose purpose) {
  const std::string plain = ascii_lower(collapse_space(text));
  const auto& rows = bounce_words();
  return std::any_of(rows.begin(), rows.end(), [&](const BounceWords& row) {
    return row.purpose == purpose && plain.find(row.phrase) != std::string::npos;
  });
}

}  // namespace plainbounce

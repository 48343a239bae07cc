#include "lib/report/prose/program_output.h"

#include <algorithm>

#include "lib/base/ascii.h"
#include "lib/base/stop.h"
#include "lib/mail/address.h"
#include "lib/mail/address_scan.h"

namespace plainbounce {
namespace {

constexpr std::string_view kRule = "------";

// Lines that one heading may have.
constexpr std::size_t kMaxHeading = 4;

}  // namespace

ProgramOutput::ProgramOutput(const ProseLines& lines, const StockPhrases& phrases,
                             const std::unordered_set<std::string>& wanted,
                             const std::stop_token& stop)
    : lines_(lines) {
  const auto announcement = std::find_if(lines.begin(), lines.end(), [&](std::string_view line) {
    return phrases.stand_in(line, PhrasePurpose::kOutput);
  });
  for (auto i = static_cast<std::size_t>(announcement - lines.begin()); i < lines.size();) {
    end_if_stopped(stop);
    std::vector<std::string_view> addresses;
    const std::size_t begin = read_headings(i, addresses);
    std::size_t end = std::max(begin, i + 1);
    if (addresses.empty()) {
      i = end;
      continue;
    }
    while (end < lines.size() && !is_ruled_line(lines[end])) ++end;
    for (const std::string_view address : addresses) {
      std::string name = canonical_address(address);
      if (wanted.contains(name)) by_name_.try_emplace(std::move(name), Text{begin, end});
    }
    i = end;
  }
}

std::string ProgramOutput::about(const std::string& name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return {};
  return join_lines(lines_, found->second.begin, found->second.end);
}

// Returns where the text below the headings begins.
std::size_t ProgramOutput::read_headings(std::size_t line,
                                         std::vector<std::string_view>& addresses) const {
  std::size_t next = line;
  while (next < lines_.size() && trim(lines_[next]).starts_with(kRule)) {
    std::size_t last = next;
    while (last + 1 < lines_.size() && last + 1 < next + kMaxHeading &&
           !trim(lines_[last]).ends_with(kRule)) {
      ++last;
    }
    for (; next <= last; ++next) {
      for (const std::string_view address : find_addresses(lines_[next])) {
        addresses.push_back(address);
      }
    }
  }
  return next;
}

}  // namespace plainbounce

#include "lib/diagnosis/facts.h"

namespace plainbounce {
std::optional<std::uint64_t> parse_size(std::string_view) { return std::nullopt; }
std::optional<std::int64_t> parse_duration(std::string_view) { return std::nullopt; }
void take_captures(const std::vector<std::pair<std::string, std::string>>&, Facts&) {}
bool is_fact_name(std::string_view) { return false; }
}  // namespace plainbounce

#include "lib/knowledge/codes.h"

namespace plainbounce {
void CodeTables::load_reply_codes(std::string_view, std::string_view) {}
void CodeTables::load_status_codes(std::string_view, std::string_view) {}
const ReplyCodeEntry* CodeTables::reply_code(int) const { return nullptr; }
std::vector<const StatusCodeEntry*> CodeTables::status_code(const EnhancedStatus&,
                                                            std::string_view) const {
  return {};
}
std::vector<const StatusCodeEntry*> CodeTables::all_meanings(const EnhancedStatus&) const {
  return {};
}
std::optional<EnhancedStatus> CodeTables::undotted(int) { return std::nullopt; }
std::string StatusCodeEntry::code() const { return {}; }
std::optional<Cause> StatusCodeEntry::cause_for_class(int) const { return cause; }
}  // namespace plainbounce

// Reply text and rule captures -> Facts.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_FILL_FACTS_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_FILL_FACTS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/knowledge/cause.h"
#include "lib/knowledge/facts.h"
#include "lib/knowledge/knowledge.h"
#include "lib/knowledge/rules.h"

namespace plainbounce {

// "25 MB", "26214400", "10,240,000 bytes", "35m" -> bytes (powers of 1024, as mail servers count).
// Nothing: no number, or more than an exabyte.
std::optional<std::uint64_t> parse_size(std::string_view text);

// "00:05:00", "300 seconds", "5 minutes", "60" -> seconds.
std::optional<std::int64_t> parse_duration(std::string_view text);

// Puts a rule's captures where their names say (facts.h). Unreadable values are
// left out, long ones cut.
void take_captures(const Captures& captures, Facts& facts);

// Fills the facts that are still empty with what the words of a reply, Reply::text, tell whatever
// rule decided: facts.toml and block-lists.tsv. A piece of a block list's name becomes
// the whole. The remote server's own address is never taken for
// one that was refused. Takes some microseconds.
void fill_facts(std::string_view text, Cause cause, const Knowledge& knowledge, Facts& facts);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_FILL_FACTS_H_

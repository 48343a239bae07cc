// Reply text and rule captures -> Facts.
#ifndef PLAINBOUNCE_LIB_DIAGNOSIS_FILL_FACTS_H_
#define PLAINBOUNCE_LIB_DIAGNOSIS_FILL_FACTS_H_

#include <string_view>

#include "lib/knowledge/cause.h"
#include "lib/knowledge/facts.h"
#include "lib/knowledge/knowledge.h"
#include "lib/knowledge/rules.h"
#include "lib/knowledge/units.h"
#include "lib/reply/heard_text.h"

namespace plainbounce {

// Puts a rule's captures where their names say (facts.h). Unreadable values are
// left out, long ones cut.
void take_captures(const Captures& captures, const Units& units, Facts& facts);

// Fills the facts that are still empty with what the words of a reply, HeardText::said(), tell
// whatever rule decided: facts.toml and block-lists.tsv. A piece of a block list's name becomes the
// whole. The remote server's own address is never taken for one that was refused. Takes some
// microseconds.
void fill_facts(const HeardText& heard, Cause cause, const Knowledge& knowledge, Facts& facts);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_DIAGNOSIS_FILL_FACTS_H_

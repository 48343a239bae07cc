// Rows of the code tables -> a list of them, or an explanation of one code.
#ifndef PLAINBOUNCE_LIB_EXPLAIN_EXPLAIN_CODE_H_
#define PLAINBOUNCE_LIB_EXPLAIN_EXPLAIN_CODE_H_

#include <string>
#include <string_view>

#include "lib/explain/code_pattern.h"
#include "lib/knowledge/knowledge.h"
#include "lib/notice/catalogue.h"
#include "lib/notice/content.h"
#include "lib/notice/speaker.h"

namespace plainbounce {

// One line for each row, in aligned columns: code, meaning ("Google (Gmail): ..." where it is a
// provider's own), cause or "-". Lines end LF.
std::string list_codes(const CodeRows& rows, const Knowledge& knowledge);

// For each row what it means, by which standard or at which provider, which cause it suggests and
// how reliably; then the related codes. `asked`: the code as it was given. Wrapped to 72 columns,
// lines end LF. Of no rows: that there is no such code, and what may be meant.
std::string explain_code(std::string_view asked, const CodeRows& rows, const Knowledge& knowledge,
                         const Catalogue& catalogue, std::string_view language);

// That `asked` is no code, or none that has a meaning, and what the nearest one means.
void say_no_code(std::string_view asked, const Knowledge& knowledge, const Speaker& speaker,
                 ExplanationContent& content);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_EXPLAIN_EXPLAIN_CODE_H_

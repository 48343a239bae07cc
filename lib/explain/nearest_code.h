// What looks like a code and is none ("5..1.1", "5.1", "999") -> the code that was probably meant.
#ifndef PLAINBOUNCE_LIB_EXPLAIN_NEAREST_CODE_H_
#define PLAINBOUNCE_LIB_EXPLAIN_NEAREST_CODE_H_

#include <optional>
#include <string>
#include <string_view>

#include "lib/explain/code_pattern.h"
#include "lib/knowledge/codes.h"

namespace plainbounce {

// Is it short, and nothing but numbers, "x" for a number, and marks between them?
bool resembles_code(std::string_view text);

struct NearestCode {
  std::string code;  // "5.1.1" or "550"
  CodeRows rows;     // its general meaning, else what it means at providers; never empty
};

// With marks doubled or others than dots, numbers too many, too few or too large, leading zeros, a
// class that no code has, or a digit too many or too few. Nothing: no code is near.
std::optional<NearestCode> nearest_code(std::string_view text, const CodeTables& tables);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_EXPLAIN_NEAREST_CODE_H_

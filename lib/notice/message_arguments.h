// What a message pattern may name: "{recipients}", "{size_limit}".
#ifndef PLAINBOUNCE_LIB_NOTICE_MESSAGE_ARGUMENTS_H_
#define PLAINBOUNCE_LIB_NOTICE_MESSAGE_ARGUMENTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace plainbounce {

// A number takes part in plurals; a string is put in as it is and never read as a pattern.
using Argument = std::variant<std::string, std::int64_t>;

// By name. A fact that isn't known isn't among them, so that no message can show an empty one.
using Arguments = std::map<std::string, Argument, std::less<>>;

// May a pattern name it at all?
bool is_argument_name(std::string_view name);

// Is it known for every group of recipients, whatever the evidence says? A sentence that names
// another needs an alternative, or may be missing.
bool is_always_known(std::string_view name);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_MESSAGE_ARGUMENTS_H_

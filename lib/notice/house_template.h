// A template of the house's own -> checked against the one that it replaces.
#ifndef PLAINBOUNCE_LIB_NOTICE_HOUSE_TEMPLATE_H_
#define PLAINBOUNCE_LIB_NOTICE_HOUSE_TEMPLATE_H_

#include <string>
#include <string_view>

namespace plainbounce {

// Throws DataError ("FILE:LINE: ...") where `own` is no Mustache template, includes another one,
// changes the delimiters, has a tag whose name isn't among those of `built_in`, or, where `file` is
// one for HTML, leaves unescaped what `built_in` escapes: text of strangers stands there.
void check_template(std::string_view file, const std::string& own, const std::string& built_in);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_HOUSE_TEMPLATE_H_

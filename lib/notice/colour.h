// Which colours a notice may be written in.
#ifndef PLAINBOUNCE_LIB_NOTICE_COLOUR_H_
#define PLAINBOUNCE_LIB_NOTICE_COLOUR_H_

#include <string_view>

namespace plainbounce {

// What notices stand on, as templates/notice.html.mustache has it.
inline constexpr std::string_view kLightPage = "#ffffff";
inline constexpr std::string_view kDarkPage = "#16181c";

inline constexpr double kLeastContrast = 4.5;  // for text (WCAG 2.2, 1.4.3)

// Is it "#rrggbb", and at least that far from the page? No colour is from both pages.
bool is_legible_on(std::string_view page, std::string_view colour);

// 1 to 21 (WCAG 2.2). Both are "#rrggbb".
double contrast(std::string_view one, std::string_view other);

}  // namespace plainbounce

#endif  // PLAINBOUNCE_LIB_NOTICE_COLOUR_H_

#include "lib/notice/colour.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "lib/base/ascii.h"

namespace plainbounce {
namespace {

bool is_colour(std::string_view text) {
  return text.size() == 7 && text.front() == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

int hex_value(char digit) { return is_digit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10; }

// 0 to 1
double channel(std::string_view colour, std::size_t at) {
  const double value = (hex_value(colour[at]) * 16 + hex_value(colour[at + 1])) / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

// Relative luminance (WCAG 2.2): 0 is black, 1 is white.
double luminance(std::string_view colour) {
  return 0.2126 * channel(colour, 1) + 0.7152 * channel(colour, 3) + 0.0722 * channel(colour, 5);
}

}  // namespace

double contrast(std::string_view one, std::string_view other) {
  const auto [dark, light] = std::minmax({luminance(one), luminance(other)});
  return (light + 0.05) / (dark + 0.05);
}

bool is_legible_on(std::string_view page, std::string_view colour) {
  return is_colour(colour) && contrast(page, colour) >= kLeastContrast;
}

}  // namespace plainbounce

#include "lib/notice/house_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <set>
#include <vector>

#include "lib/base/ascii.h"
#include "lib/base/data_error.h"
#include "lib/notice/catalogue.h"

namespace plainbounce {
namespace {

struct Tag {
  char kind = 0;  // what stands before the name: '#', '^', '/', '{', '&', '!', '>', '='; 0: nothing
  std::string name;
  std::size_t offset = 0;
};

// The tags of a template, as far as they are closed.
std::vector<Tag> tags_in(std::string_view text) {
  constexpr std::string_view kKinds = "#^/{&!>=";
  std::vector<Tag> tags;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
    const std::size_t begin = at + 2;
    const std::size_t end = text.find("}}", begin);
    if (end == std::string_view::npos) break;
    std::string_view inside = trim(text.substr(begin, end - begin));
    Tag tag{0, "", at};
    if (!inside.empty() && kKinds.find(inside.front()) != std::string_view::npos) {
      tag.kind = inside.front();
      inside.remove_prefix(1);
    }
    tag.name = trim(inside);
    tags.push_back(tag);
    at = end;
  }
  return tags;
}

bool is_unescaped(const Tag& tag) { return tag.kind == '{' || tag.kind == '&'; }

std::size_t line_at(std::string_view text, std::size_t offset) {
  const auto* const end = text.begin() + std::min(offset, text.size());
  return static_cast<std::size_t>(std::count(text.begin(), end, '\n')) + 1;
}

// The offset at the end of Mustache's message, "... at 123"; the start where there is none.
std::size_t offset_in(const std::string& message) {
  const std::size_t at = message.rfind(" at ");
  if (at == std::string::npos) return 0;
  std::size_t offset = 0;
  for (const char c : message.substr(at + 4)) {
    if (!is_digit(c) || offset > message.max_size() / 10) return 0;
    offset = offset * 10 + static_cast<std::size_t>(c - '0');
  }
  return offset;
}

}  // namespace

void check_template(std::string_view file, const std::string& own, const std::string& built_in) {
  const auto fail = [&](std::size_t offset, std::string_view what) {
    throw DataError(fmt::format("{}:{}: template: {}", file, line_at(own, offset), what));
  };
  const kainjow::mustache::mustache layout(own);
  if (!layout.is_valid()) fail(offset_in(layout.error_message()), layout.error_message());
  std::set<std::string> known;
  std::set<std::string> raw;
  for (const Tag& tag : tags_in(built_in)) {
    known.insert(tag.name);
    if (is_unescaped(tag)) raw.insert(tag.name);
  }
  const bool is_html = file.ends_with(".html.mustache");
  for (const Tag& tag : tags_in(own)) {
    if (tag.kind == '!') continue;
    if (tag.kind == '>' || tag.kind == '=') fail(tag.offset, "it must hold everything itself");
    if (!known.contains(tag.name)) {
      fail(tag.offset, fmt::format("there is no {{{{{}}}}}", tag.name));
    }
    if (is_html && is_unescaped(tag) && !raw.contains(tag.name)) {
      fail(tag.offset, fmt::format("{{{{{}}}}} must be escaped, as in the built-in one", tag.name));
    }
  }
}

}  // namespace plainbounce

#include "lib/mail/html_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "lib/base/ascii.h"
#include "lib/base/text.h"

namespace plainbounce {
namespace {

struct Reference {
  std::string_view name;
  std::string_view text;
};
constexpr std::array kReferences = {
    Reference{"amp", "&"},         Reference{"lt", "<"},         Reference{"gt", ">"},
    Reference{"quot", "\""},       Reference{"apos", "'"},       Reference{"nbsp", " "},
    Reference{"ndash", "\u2013"},  Reference{"mdash", "\u2014"}, Reference{"lsquo", "\u2018"},
    Reference{"rsquo", "\u2019"},  Reference{"ldquo", "\u201C"}, Reference{"rdquo", "\u201D"},
    Reference{"hellip", "\u2026"}, Reference{"bull", "\u2022"},  Reference{"copy", "\u00A9"},
};
constexpr std::size_t kLongestReference = 10;

constexpr std::array<std::string_view, 20> kBlockElements = {
    "address", "article", "blockquote", "br", "dd", "div", "dl",      "dt", "h1", "h2",
    "h3",      "h4",      "hr",         "li", "ol", "p",   "section", "tr", "ul", "table"};

// "#8211" or "#x2013" -> the character; empty: neither.
std::string numeric_reference(std::string_view name) {
  name.remove_prefix(1);
  int base = 10;
  if (!name.empty() && (name.front() == 'x' || name.front() == 'X')) {
    name.remove_prefix(1);
    base = 16;
  }
  std::uint32_t c = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), c, base);
  if (error != std::errc() || end != name.data() + name.size() || c == 0) return {};
  std::string out;
  append_utf8(out, c);
  return out;
}

std::string resolve_reference(std::string_view name) {
  if (name.starts_with('#')) return numeric_reference(name);
  for (const Reference& reference : kReferences) {
    if (reference.name == name) return std::string(reference.text);
  }
  return {};
}

std::string tag_name(std::string_view tag) {
  if (tag.starts_with('/')) tag.remove_prefix(1);
  const auto end =
      std::find_if_not(tag.begin(), tag.end(), [](char c) { return is_alphanumeric(c); });
  return ascii_lower(tag.substr(0, static_cast<std::size_t>(end - tag.begin())));
}

class HtmlReader {
 public:
  explicit HtmlReader(std::string_view html) : rest_(html) {}

  std::string read() {
    while (!rest_.empty()) {
      if (rest_.front() == '<') {
        read_tag();
      } else if (rest_.front() == '&') {
        read_reference();
      } else {
        read_text();
      }
    }
    return std::string(trim(out_));
  }

 private:
  void read_text() {
    const std::string_view text = rest_.substr(0, rest_.find_first_of("<&"));
    for (const char c : text) append(c);
    rest_.remove_prefix(text.size());
  }

  // White space collapses, as on a page; line ends come from elements.
  void append(char c) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) {
      out_ += c;
    } else if (!out_.empty() && out_.back() != ' ' && out_.back() != '\n') {
      out_ += ' ';
    }
  }

  void end_line() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
  }

  void read_reference() {
    const std::size_t end = rest_.substr(0, kLongestReference + 1).find(';');
    const std::string text =
        end == std::string_view::npos ? std::string() : resolve_reference(rest_.substr(1, end - 1));
    if (text.empty()) {
      out_ += '&';
      rest_.remove_prefix(1);
      return;
    }
    out_ += text;
    rest_.remove_prefix(end + 1);
  }

  void skip_past(std::string_view mark) {
    const auto found =
        std::search(rest_.begin(), rest_.end(), mark.begin(), mark.end(), [](char a, char b) {
          return equals_ignoring_case({&a, 1}, {&b, 1});
        });
    const auto before = static_cast<std::size_t>(found - rest_.begin());
    rest_.remove_prefix(std::min(rest_.size(), before + mark.size()));
  }

  void read_tag() {
    if (rest_.starts_with("<!--")) return skip_past("-->");
    const std::string name = tag_name(rest_.substr(1, 20));
    if (name.empty() && !rest_.starts_with("<!") && !rest_.starts_with("<?")) {
      out_ += '<';
      rest_.remove_prefix(1);
      return;
    }
    const bool opens = !rest_.starts_with("</");
    skip_past(">");
    if (opens && name == "script") return skip_past("</script>");
    if (opens && name == "style") return skip_past("</style>");
    if (std::find(kBlockElements.begin(), kBlockElements.end(), name) != kBlockElements.end()) {
      end_line();
    }
  }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::string html_to_text(std::string_view html) { return HtmlReader(html).read(); }

}  // namespace plainbounce

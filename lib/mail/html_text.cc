// libxml2 reads the HTML. Of the two libraries in Debian that do, it is the kept one: Debian 12 and
// 13 ship it from one branch with security support, and it has a maintainer; gumbo-parser's author
// archived it in 2023. It also hands its findings on one by one, so that no tree is built whose
// depth could overflow the stack, when it is walked or when it is freed, and whose repair could
// cost more than linear time.
#include "lib/mail/html_text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>

#include "lib/base/ascii.h"
#include "lib/base/charset.h"
#include "lib/base/text.h"
#include "lib/mail/html_names.h"

namespace plainbounce {
namespace {

// Elements within each other; Chromium goes as deep. An end tag costs the parser a look at each.
constexpr int kMaxDepth = 512;

constexpr std::array<std::string_view, 36> kBlocks = {
    "address", "article", "aside", "blockquote", "body", "caption",  "center",     "dd",
    "details", "dialog",  "div",   "dl",         "dt",   "fieldset", "figcaption", "figure",
    "footer",  "form",    "h1",    "h2",         "h3",   "h4",       "h5",         "h6",
    "header",  "legend",  "li",    "main",       "nav",  "ol",       "p",          "pre",
    "section", "table",   "tr",    "ul"};
constexpr std::array<std::string_view, 2> kLineEnds = {"br", "hr"};
constexpr std::array<std::string_view, 3> kCells = {"td", "th", "option"};
constexpr std::array<std::string_view, 6> kUnseen = {"noframes", "noscript", "script",
                                                     "style",    "template", "title"};

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The number of "#146" or "#x92" -> what browsers make of it: the numbers that mean nothing in
// Unicode are Windows' characters. Empty: nothing else than the parser does.
std::string_view corrected(std::uint32_t number, std::string& buffer) {
  buffer.clear();
  if (number >= 0x80 && number <= 0x9F) {
    buffer = decode_charset(std::string(1, static_cast<char>(number)), "windows-1252");
  } else if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) {
    append_utf8(buffer, 0xFFFD);
  }
  return buffer;
}

// Puts numbers that every version of the parser knows in the place of HTML's names, and takes care
// of the numbers that it doesn't see as browsers do.
class ReferenceReader {
 public:
  explicit ReferenceReader(std::string_view html) : rest_(html) {}

  std::string read() {
    while (!rest_.empty()) {
      const std::size_t plain =
          std::min(rest_.find_first_of(std::string_view("&\0", 2)), rest_.size());
      out_ += rest_.substr(0, plain);
      rest_.remove_prefix(plain);
      if (rest_.empty()) break;
      if (rest_.front() == '\0') {
        out_ += ' ';
        rest_.remove_prefix(1);
      } else if (rest_.starts_with("&#")) {
        read_number();
      } else {
        read_name();
      }
    }
    return std::move(out_);
  }

 private:
  void read_number() {
    const bool hexadecimal = rest_.size() > 2 && lower(rest_[2]) == 'x';
    const char* const begin = rest_.data() + (hexadecimal ? 3 : 2);
    const char* const end = rest_.data() + rest_.size();
    std::uint32_t number = 0;
    const auto [stop, error] = std::from_chars(begin, end, number, hexadecimal ? 16 : 10);
    if (error == std::errc::invalid_argument) {
      out_ += "&amp;";
      rest_.remove_prefix(1);
      return;
    }
    if (error == std::errc::result_out_of_range) number = 0;
    auto length = static_cast<std::size_t>(stop - rest_.data());
    if (stop != end && *stop == ';') ++length;
    const std::string_view better = corrected(number, buffer_);
    out_ += better.empty() ? rest_.substr(0, length) : better;
    rest_.remove_prefix(length);
  }

  void read_name() {
    const std::size_t end = rest_.substr(0, kMaxHtmlName + 2).find(';');
    const std::string_view character = end == std::string_view::npos
                                           ? std::string_view()
                                           : html_character(rest_.substr(1, end - 1));
    out_ += character.empty() ? std::string_view("&") : character;
    rest_.remove_prefix(character.empty() ? 1 : end + 1);
  }

  std::string_view rest_;
  std::string out_;
  std::string buffer_;
};

// Writes down what the parser finds.
class TextWriter {
 public:
  // False: that is too deep.
  bool open(std::string_view name) {
    unseen_ += static_cast<int>(is_one_of(kUnseen, name));
    preformatted_ += static_cast<int>(name == "pre");
    if (is_one_of(kBlocks, name) || is_one_of(kLineEnds, name)) end_line();
    if (is_one_of(kCells, name)) end_cell();
    return ++depth_ <= kMaxDepth;
  }

  void close(std::string_view name) {
    unseen_ -= static_cast<int>(is_one_of(kUnseen, name));
    preformatted_ -= static_cast<int>(name == "pre");
    if (is_one_of(kBlocks, name)) end_line();
    --depth_;
  }

  void add(std::string_view text) {
    if (unseen_ > 0) return;
    while (!text.empty()) {
      if (text.starts_with("\u00A0")) {
        out_ += ' ';
        text.remove_prefix(2);
        continue;
      }
      add(text.front());
      text.remove_prefix(1);
    }
  }

  std::string take() { return std::string(trim(out_)); }

 private:
  // White space collapses, as on a page; line ends come from elements.
  void add(char c) {
    if (!is_blank(c) || preformatted_ > 0) {
      out_ += c;
    } else {
      add_blank();
    }
  }

  void add_blank() {
    if (!out_.empty() && !is_blank(out_.back())) out_ += ' ';
  }

  void end_cell() {
    if (unseen_ > 0) return;
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    if (!out_.empty() && out_.back() != '\n') out_ += '\t';
  }

  void end_line() {
    if (unseen_ > 0) return;
    while (!out_.empty() && (out_.back() == ' ' || out_.back() == '\t')) out_.pop_back();
    if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
  }

  std::string out_;
  int depth_ = 0;
  int unseen_ = 0;        // open elements whose text is no part of the page
  int preformatted_ = 0;  // open <pre>
};

std::string_view view(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

struct Reading {
  TextWriter writer;
  htmlParserCtxtPtr parser = nullptr;
};

void on_open(void* context, const xmlChar* name, const xmlChar** /*attributes*/) {
  auto& reading = *static_cast<Reading*>(context);
  if (!reading.writer.open(view(name))) xmlStopParser(reading.parser);
}

void on_close(void* context, const xmlChar* name) {
  static_cast<Reading*>(context)->writer.close(view(name));
}

void on_text(void* context, const xmlChar* text, int length) {
  static_cast<Reading*>(context)->writer.add(
      view(text).substr(0, static_cast<std::size_t>(length)));
}

struct FreeParser {
  void operator()(htmlParserCtxtPtr parser) const { htmlFreeParserCtxt(parser); }
};

void parse(const std::string& html, Reading& reading) {
  static std::once_flag started;
  std::call_once(started, xmlInitParser);
  const std::unique_ptr<htmlParserCtxt, FreeParser> parser(
      htmlCreateMemoryParserCtxt(html.data(), static_cast<int>(html.size())));
  if (parser == nullptr) throw std::bad_alloc();
  *parser->sax = {};
  parser->sax->startElement = on_open;
  parser->sax->endElement = on_close;
  parser->sax->characters = on_text;
  parser->sax->ignorableWhitespace = on_text;
  parser->sax->cdataBlock = on_text;
  parser->userData = &reading;
  reading.parser = parser.get();
  htmlCtxtUseOptions(parser.get(), HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                       HTML_PARSE_NOIMPLIED | HTML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding(parser.get(), XML_CHAR_ENCODING_UTF8);
  htmlParseDocument(parser.get());
}

}  // namespace

std::string html_to_text(std::string_view html) {
  // Text that stands in no element would be given a paragraph of its own.
  const std::string page = "<html><body>" + ReferenceReader(html).read();
  Reading reading;
  parse(page, reading);
  return valid_utf8(reading.writer.take());
}

}  // namespace plainbounce
